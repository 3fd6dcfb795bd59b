package secret

import (
	"strings"
	"testing"
)

func TestIsName(t *testing.T) {
	for _, name := range strings.Fields(`
		NPM_TOKEN GITHUB_TOKEN AUTH secret_MESSAGE DATABASE_PASSWORD API_KEY api_key apiKey APIKey apikey MyAPIKey MYSQL_PWD DB_PASS
		AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID SSH_PRIVATE_KEY GPG_PASSPHRASE GPG_PRIVATE_KEY JWT_SECRET SECRET_KEY_BASE
		GITHUB_PAT app.secret client-secret NODE_AUTH_TOKEN PGPASSWORD DOCKER_CREDENTIALS LICENSE_KEY`) {
		if !IsName(name) {
			t.Errorf("%s is no secret", name)
		}
	}
	for _, name := range strings.Fields(`
		PASSWORD_FILE TOKEN_ENDPOINT AUTH_ENABLED PASSWORD_FIELDS PUBLIC_KEY SITE_KEY MONKEY TOKENIZERS_PARALLELISM AUTHOR AUTHORS
		GPG_KEY GPG_KEYS KEYBOARD KEEPASSXC_VERSION DOCKER_AUTH_VERSION PWD OLDPWD PASS PATH COMPAT GOPRIVATE USERNAME KEY_NAME
		AWS_WEB_IDENTITY_TOKEN_FILE ENABLE_AUTH ALLOW_EMPTY_PASSWORD SUPABASE_ANON_KEY SECRETS_DIR MAX_TOKENS TURKEY AUTH_URL
		TOKEN_TTL KEY_ID FACEBOOK_APP_ID HOCKEY_TEAM BYPASS PASSENGER _ --`) {
		if IsName(name) {
			t.Errorf("%s is a secret", name)
		}
	}
}

func TestIsPublishedName(t *testing.T) {
	for name, want := range map[string]bool{
		"NEXT_PUBLIC_API_KEY": true, "VITE_AUTH_TOKEN": true, "REACT_APP_SECRET": true, "NUXT_PUBLIC_DB_PASSWORD": true,
		"NEXT_PUBLIC_MAPBOX_SECRET": true, "VITE_FIREBASE_API_KEY": false, "NEXT_PUBLIC_MAPBOX_TOKEN": false,
		"VITE_SITE_KEY":   false,
		"NEXT_PUBLIC_URL": false, "API_KEY": false, "VITE_": false,
	} {
		if IsPublishedName(name) != want {
			t.Errorf("IsPublishedName(%s) is %t", name, !want)
		}
	}
}

func TestIsHarmless(t *testing.T) {
	for value, want := range map[string]bool{
		"": true, "true": true, "No": true, "https://host/token": true, "/run/secrets/x": true, "./key": true,
		"1234": false, "abc/def": false, "https://user:hunter2@host/": false,
	} {
		if IsHarmless(value) != want {
			t.Errorf("IsHarmless(%q) is %t", value, !want)
		}
	}
}

func TestInURL(t *testing.T) {
	for text, want := range map[string]bool{
		"https://user:hunter2@host.org/x":                       true,
		"git+https://x:hunter2@host":                            true,
		"a https://host http://u:p4ss@h.org b":                  true,
		"https://ghp_0123456789abcdefghij@github.com/a/b":       true,
		"https://ghp_0123456789abcdefghij:x@github.com/a/b":     true,
		"https://user@host":                                     false,
		"https://user:$PASSWORD@host":                           false,
		"https://host/a:b@c":                                    false,
		"https://host:80":                                       false,
		"http://user:password@localhost:80":                     false,
		"https://user:password@example.com":                     false,
		"https://host https://":                                 false,
		"postgres://user:password@host":                         false,
		"sh -c 'curl https://host | sed s/a:b/@/' https://x y@": false,
	} {
		if InURL(text) != want {
			t.Errorf("InURL(%q) is %t", text, !want)
		}
	}
}

func TestByName(t *testing.T) {
	for want, names := range map[Likelihood]string{
		Probable: ".npmrc config/.npmrc .env .env.production .env* .env.* id_rsa id_rsa* keys/id_ed25519 .aws " +
			".aws/credentials aws.json .docker/config.json .netrc",
		Possible: "server.pem *.pem tls/*.key private.key server.key",
		Unlikely: "package.json .env.example .env.sample id_rsa.pub ca.pem cert.pem fullchain.pem public.pem signing.key " +
			"nginx_signing.key apt.gpg.key * .* .environment config.json key.js . / credentials.js",
	} {
		for name := range strings.FieldsSeq(names) {
			if got := ByName(name); got != want {
				t.Errorf("%s is %d, want %d", name, got, want)
			}
		}
	}
}

func TestInFile(t *testing.T) {
	const registry = "//registry.example.com/:"
	for _, c := range []struct{ name, text, want string }{
		{".npmrc", "a=b\r\n" + registry + "_authToken=made-up\r\n", "_authToken"},
		{".npmrc", "_auth = bWFkZTp1cA==\n", "_auth"},
		{".npmrc", registry + "_password=bWFkZS11cA", "_password"},
		{".npmrc", registry + "_authToken=${NPM_TOKEN}\nregistry=https://r.org\nalways-auth=true\n", ""},
		{".npmrc", "shamefully-hoist=true\n", ""},
		{"key.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"},
		{"id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "a private key"},
		{"cert.pem", "-----BEGIN CERTIFICATE-----\n", ""},
		{".env", "PORT=3000\n# TOKEN=a1b2\nexport DB_PASSWORD='a1b2'\n", "DB_PASSWORD"},
		{
			".env",
			"PORT=3000\nDB_PASSWORD=\nTOKEN=<your token>\nSECRET=changeme\nAUTH_TOKEN=${X}\nVITE_API_KEY=a1\nKEY=/a\n", "",
		},
		{".env", "DATABASE_URL=https://a:b1@host\n", "a URL with a password"},
		{".env", "DATABASE_URL=postgres://a:b1@db:5432/app\n", "a URL with a password"},
		{".env", "DATABASE_URL=postgres://a:b1@localhost:5432/app\n", ""},
		{"credentials", "[default]\naws_access_key_id = AKIA1\naws_secret_access_key = a1b2\n", "aws_access_key_id"},
		{".docker/config.json", `{"auths": {"r.org": {"auth" : "bWFkZTp1cA=="}}}`, "auth"},
		{".docker/config.json", `{"credsStore": "desktop", "auth": {}}`, ""},
		{".netrc", "machine host login me password a1b2\n", "password"},
		{"empty", "", ""},
	} {
		if got := InFile(c.name, c.text); got != c.want {
			t.Errorf("%s with %q: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestHide(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"COPY cannot fetch it":            "COPY cannot fetch it",
		"`https://user:pw@host/x` is":     "`https://…@host/x` is",
		"https://token@host":              "https://…@host",
		"git+ssh://git:p@w@host/a.git#@b": "git+ssh://…@b",
		"https://user:p/w@host":           "https://…@host",
		"https://host/@scope/x":           "https://host/@scope/x",
		"https://host:80/@scope/x":        "https://host:80/@scope/x",
		"`user:pw@reg.io/x:1` is `a:b@c`": "`…@reg.io/x:1` is `…@c`",
		"user:pw@x@sha256:12":             "…@x@sha256:12",
		"--from=user:pw@x":                "--from=…@x",
		`["a", "user:pw@x"]`:              `["a", "…@x"]`,
		"user:p=w@x":                      "…@x",
		"node:24-alpine@sha256:…":         "node:24-alpine@sha256:…",
		"https://host/x@sha256:12":        "https://host/x@sha256:12",
		"npm install express@4 @a/b@1":    "npm install express@4 @a/b@1",
		"git@github.com:acme/app.git":     "git@github.com:acme/app.git",
		"ghp_0123456789abcdefghij@reg.io": "…@reg.io",
		"@":                               "@",
		"a:@":                             "…@",
		"@:@":                             "…@",
	} {
		if got := Hide(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
