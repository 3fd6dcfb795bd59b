package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"dockerfile-ls/analysis/image"
)

// Failure says why there is no answer, for people: which image, which registry, and what to do. It holds no credentials.
type Failure struct {
	at      location
	Message string
	// Missing says that the registry has no such image.
	Missing bool
	// Offline says that the registry could not be reached, or did not answer in time.
	Offline bool
}

func (f *Failure) Error() string { return f.Message }

// Is makes a missing image image.ErrMissing.
func (f *Failure) Is(target error) bool { return f.Missing && target == image.ErrMissing }

// failureOf makes a failure of whatever went wrong. The context's own end stays what it is.
func failureOf(ctx context.Context, at location, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	message, offline := reasonOf(at, err)
	var answer *transport.Error
	missing := errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
	return &Failure{at: at, Message: message, Missing: missing, Offline: offline}
}

// reasonOf is the message for an error of go-containerregistry, of the network, or of the guard, and whether the registry
// was not reached.
func reasonOf(at location, err error) (message string, offline bool) {
	var (
		busy    busyError
		answer  *transport.Error
		dns     *net.DNSError
		network net.Error
		dial    *net.OpError
	)
	host := at.host()
	switch {
	case errors.Is(err, errPrivate):
		return fmt.Sprintf("%s is in a private network, and is asked for `%s` only when you act: use the code action.", host,
			at.image), false
	case errors.As(err, &busy):
		return fmt.Sprintf(
			"%s was asked too often, and does not tell what `%s` is: try again %s, or sign in with `docker login%s`.", host,
			at.image, busy.when(), login(host),
		), false
	case errors.Is(err, errDigest):
		return fmt.Sprintf("%s names another digest for `%s` than what it sends has: do not use it, and tell who runs it.",
			host, at.image), false
	case errors.Is(err, errNoImage), errors.Is(err, errTooLong):
		return fmt.Sprintf(
			"What %s sends for `%s` is no image: check the reference, and whether a proxy answers in its place.", host,
			at.image,
		), false
	case certificate(err):
		return fmt.Sprintf("The certificate of %s is not trusted, so that it was not asked for `%s`: add its authority "+
			"to those of the system.", host, at.image), true
	case errors.As(err, &answer):
		return refusal(at, answer), answer.StatusCode >= 500
	case errors.Is(err, errPlain):
		return fmt.Sprintf("%s would be asked for `%s` over http: list it in `registry.insecure` if you want that.", host,
			at.image), false
	case errors.As(err, &dns):
		return fmt.Sprintf(
			"%s was not found on the network, so that it was not asked for `%s`: check its name, the network and the proxy.",
			host, at.image,
		), true
	case errors.As(err, &dial):
		return fmt.Sprintf("%s cannot be reached for `%s` (%v): check the network and the proxy.", host, at.image, dial.Err),
			true
	case errors.As(err, &network):
		return fmt.Sprintf("%s cannot be reached for `%s`: check the network and the proxy.", host, at.image), true
	}
	return fmt.Sprintf("%s gave no answer for `%s` that can be read: try again, or look at the registry.", host, at.image),
		false
}

func certificate(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		name         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid)
}

// refusal is the message for an answer that is an error. A registry may say 401 of what is not there, so as not to tell.
func refusal(at location, answer *transport.Error) string {
	host := at.host()
	switch answer.StatusCode {
	case http.StatusUnauthorized:
		return fmt.Sprintf("%s does not let you see `%s`: check that it exists, and sign in with `docker login%s`.", host,
			at.image, login(host))
	case http.StatusForbidden:
		return fmt.Sprintf("%s refuses you `%s`: sign in with `docker login%s` as somebody who may read it.", host,
			at.image, login(host))
	case http.StatusNotFound:
		return fmt.Sprintf("%s has no `%s`: check the name and the tag.", host, at.image)
	}
	status := fmt.Sprintf("%d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	return fmt.Sprintf("%s answers %s when it is asked for `%s`: try again later.", host, status, at.image)
}

// login is the argument of docker login for a registry.
func login(host string) string {
	if host == "docker.io" {
		return ""
	}
	return " " + host
}

// when is what a Retry-After header says, in seconds or as a date (RFC 9110, section 10.2.3).
func (b busyError) when() string {
	if seconds, err := strconv.Atoi(b.retryAfter); err == nil && seconds > 0 {
		return "in " + (time.Duration(seconds) * time.Second).String()
	}
	if at, err := http.ParseTime(b.retryAfter); err == nil {
		return "at " + at.UTC().Format("15:04 MST")
	}
	return "later"
}
