package image

import (
	"strconv"
	"strings"
)

// Named is a name with a few words about it.
type Named struct{ Name, About string }

// catalogue are images that many Dockerfiles start from, the most used first. Source: the official images of Docker Hub, and
// the registries of Google, Microsoft and Red Hat.
const catalogue = `node Node.js
python Python
alpine Alpine Linux, 8 MB
debian Debian
ubuntu Ubuntu
golang Go
nginx web server
eclipse-temurin Java, a JDK or JRE of OpenJDK
rust Rust
php PHP
ruby Ruby
postgres PostgreSQL
redis key-value store
mysql MySQL
mariadb MariaDB
mongo MongoDB
busybox small tools, 4 MB
httpd Apache web server
maven Java with Maven
gradle Java with Gradle
caddy web server
traefik reverse proxy
haproxy load balancer
rabbitmq message broker
memcached cache in memory
elasticsearch search engine
amazonlinux Amazon Linux
amazoncorretto Java of Amazon
almalinux AlmaLinux
rockylinux Rocky Linux
fedora Fedora
archlinux Arch Linux
buildpack-deps Debian with compilers and headers
gcc GNU compilers
docker Docker's client and engine
composer PHP's package manager
tomcat Java servlets
wordpress WordPress
elixir Elixir
erlang Erlang
haskell Haskell
julia Julia
perl Perl
r-base R
swift Swift
dart Dart
bash Bash
oven/bun Bun
denoland/deno Deno
curlimages/curl curl
nginxinc/nginx-unprivileged web server without root
gcr.io/distroless/static-debian12 for static programs, no shell
gcr.io/distroless/base-debian12 glibc and OpenSSL, no shell
gcr.io/distroless/nodejs24-debian12 Node.js 24, no shell
gcr.io/distroless/python3-debian12 Python 3, no shell
gcr.io/distroless/java21-debian12 Java 21, no shell
mcr.microsoft.com/dotnet/sdk .NET, to build
mcr.microsoft.com/dotnet/aspnet ASP.NET, to run
mcr.microsoft.com/dotnet/runtime .NET, to run
mcr.microsoft.com/playwright browsers for tests
mcr.microsoft.com/windows/nanoserver Windows, small
mcr.microsoft.com/windows/servercore Windows
registry.access.redhat.com/ubi9/ubi-minimal Red Hat UBI 9, small
ghcr.io/astral-sh/uv uv for Python`

// Catalogue are images that many Dockerfiles start from, the most used first.
func Catalogue() []Named {
	var list []Named
	for line := range strings.SplitSeq(catalogue, "\n") {
		name, about, _ := strings.Cut(line, " ")
		list = append(list, Named{name, about})
	}
	return list
}

// NodeTags are tags of the official node image that exist for certain: of the lines that get fixes, those with long-term
// support first, each in its variants.
func NodeTags() []Named {
	var tags []Named
	add := func(tag, about string) {
		tags = append(tags,
			Named{tag, about}, Named{tag + "-slim", about + ", what it needs and no more"}, Named{tag + "-alpine", about +
				", on Alpine"})
	}
	for _, lts := range []bool{true, false} {
		for i := len(nodeReleases) - 1; i >= 0; i-- {
			r := nodeReleases[i]
			if supported := r.LTS != "" && r.LTS <= asOf; r.End <= asOf || supported != lts {
				continue
			}
			about := "Node.js " + strconv.Itoa(r.Major) + ", fixes until " + r.End
			if lts {
				about = "Node.js " + strconv.Itoa(r.Major) + " LTS, fixes until " + r.End
			}
			add(strconv.Itoa(r.Major), about)
		}
	}
	add("lts", "whatever line has long-term support")
	return append(tags, Named{"latest", "whatever is the newest"})
}

// users are those that images have besides root and what every distribution has, each with the names of its images. Source:
// the Dockerfiles of the official images.
const users = `node node
nginx nginx nginxinc/nginx-unprivileged
postgres postgres
redis redis
mysql mysql mariadb
mongodb mongo
rabbitmq rabbitmq
memcache memcached
elasticsearch elasticsearch
haproxy haproxy
www-data php httpd wordpress
gradle gradle
bun oven/bun
deno denoland/deno
jenkins jenkins/jenkins
cassandra cassandra
app mcr.microsoft.com/dotnet/sdk mcr.microsoft.com/dotnet/aspnet mcr.microsoft.com/dotnet/runtime`

// Users are the users without rights that an image is known to have.
func (r Reference) Users() []string {
	var list []string
	for line := range strings.SplitSeq(users, "\n") {
		user, images, _ := strings.Cut(line, " ")
		if strings.Contains(" "+images+" ", " "+r.Name+" ") {
			list = append(list, user)
		}
	}
	if strings.HasPrefix(r.Name, "gcr.io/distroless/") || strings.HasPrefix(r.Name, "cgr.dev/chainguard/") {
		list = append(list, "nonroot")
	}
	if r.Distribution() != UnknownDistribution {
		list = append(list, "nobody")
	}
	return list
}
