package image

import "strings"

// Privilege says as whom a container of an image runs if the Dockerfile says nothing.
type Privilege int

// UnknownPrivilege is the zero value: most images are not in the table.
const (
	UnknownPrivilege Privilege = iota
	Root
	Unprivileged // the image sets a user, or its entrypoint drops to one
)

// Privilege returns what is known of the default user of an image. Source: the Dockerfiles of the official images, and the
// tags of distroless and Chainguard images, which say it.
func (r Reference) Privilege() Privilege {
	if strings.Contains(r.Tag, "nonroot") || strings.Contains(r.Tag, "rootless") ||
		strings.Contains(r.Tag, "unprivileged") ||
		strings.HasSuffix(r.Name, "-unprivileged") || strings.HasPrefix(r.Name, "cgr.dev/chainguard/") {
		return Unprivileged
	}
	switch r.Name {
	case "almalinux", "alpine", "amazoncorretto", "amazonlinux", "archlinux", "bash", "buildpack-deps", "busybox", "caddy",
		"centos", "clojure", "composer", "debian", "docker", "eclipse-temurin", "elixir", "erlang", "fedora", "gcc",
		"golang", "gradle", "haskell", "httpd", "ibmjava", "julia", "maven", "mono", "nginx", "node", "openjdk",
		"oraclelinux", "perl", "php", "pypy", "python", "r-base", "rockylinux", "ruby", "rust", "sapmachine", "swift",
		"tomcat", "ubuntu":
		return Root
	case "cassandra", "couchdb", "elasticsearch", "haproxy", "kibana", "logstash", "mariadb", "memcached", "mongo", "mysql",
		"neo4j", "postgres", "rabbitmq", "redis", "solr", "sonarqube", "valkey", "varnish", "zookeeper":
		return Unprivileged
	}
	return UnknownPrivilege
}

// Distribution is the family of a Linux distribution, by the commands that create users and install packages.
type Distribution int

// UnknownDistribution is the zero value.
const (
	UnknownDistribution Distribution = iota
	Alpine
	Debian // and Ubuntu
)

// Distribution returns the family that an image is known to be built on.
func (r Reference) Distribution() Distribution {
	if r.Windows() || !r.Official() {
		return UnknownDistribution
	}
	if r.Name == "alpine" || strings.Contains(r.Tag, "alpine") {
		return Alpine
	}
	switch r.Name {
	case "buildpack-deps", "debian", "gcc", "golang", "httpd", "nginx", "node", "openjdk", "perl", "php", "python", "ruby",
		"rust", "ubuntu":
		return Debian
	}
	return UnknownDistribution
}
