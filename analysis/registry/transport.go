package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// newTransport makes connections as Go does by default, with the proxies that the environment names, to the addresses that
// reach allows. It is asked at the connection itself, behind the look-up of names; a proxy of the environment counts as
// the host.
func newTransport(reach func(netip.Addr) error) http.RoundTripper {
	dialer := &net.Dialer{
		Timeout: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			host, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			return reach(host.Addr().Unmap())
		},
	}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   perRegistry,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: time.Minute,
	}
}

func anyHost(netip.Addr) error { return nil }

// errPrivate is for a host that nobody has asked for.
var errPrivate = errors.New("the host is in a private network, and nobody has asked for it")

func publicHost(a netip.Addr) error {
	if !a.IsGlobalUnicast() || a.IsPrivate() || slices.ContainsFunc(special(), func(p netip.Prefix) bool {
		return p.Contains(a)
	}) {
		return errPrivate
	}
	return nil
}

// special are the networks that lead to private ones, or to none, besides those that netip knows: between providers and
// their customers (RFC 6598), for benchmarks (RFC 2544), reserved (RFC 1112), and IPv4 within IPv6 (RFC 6052, 3056, 4291,
// 4380).
func special() []netip.Prefix {
	var list []netip.Prefix
	for _, network := range []string{
		"100.64.0.0/10", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "2001::/32",
	} {
		list = append(list, netip.MustParsePrefix(network))
	}
	return list
}

// reachable reports as an error that a host, with a port or without, has an address in a private network. Through a proxy
// nobody here knows the addresses of names.
func reachable(ctx context.Context, host string) error {
	bare := strings.Trim(withoutPort(host), "[]")
	if address, err := netip.ParseAddr(bare); err == nil {
		return publicHost(address.Unmap())
	}
	if bare == "localhost" || strings.HasSuffix(bare, ".localhost") {
		return errPrivate
	}
	request, err := http.NewRequest(http.MethodGet, "https://"+host, nil)
	if err != nil {
		return err
	}
	if proxy, err := http.ProxyFromEnvironment(request); proxy != nil || err != nil {
		return err
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", bare)
	for _, address := range addresses {
		if err == nil {
			err = publicHost(address.Unmap())
		}
	}
	return err
}

// maxAnswer is more than any manifest or configuration has: registries refuse manifests over 4 MiB.
const maxAnswer = 8 << 20

// guard stands between go-containerregistry and the network, for one registry. It sees each request as it leaves,
// redirects included.
type guard struct {
	inner    http.RoundTripper
	registry string
	secure   bool
}

// busyError is the answer of a registry that was asked too often.
type busyError struct{ retryAfter string }

func (busyError) Error() string { return "too many requests" }

// errPlain is for a request over http that was not allowed.
var errPlain = errors.New("http is refused")

func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" && (g.secure || request.URL.Host != g.registry) {
		return nil, errPlain
	}
	// What is posted are credentials for one host, and Go posts them again wherever a redirect 307 or 308 leads.
	if from := request.Response; from != nil && request.Body != nil && from.Request.URL.Host != request.URL.Host {
		return nil, fmt.Errorf("a redirect of %s leads with credentials to %s", from.Request.URL.Host, request.URL.Host)
	}
	response, err := g.inner.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests {
		after := response.Header.Get("Retry-After")
		return nil, errors.Join(busyError{after}, response.Body.Close())
	}
	response.Body = &bounded{ReadCloser: response.Body, left: maxAnswer}
	if said := response.Header.Get("Docker-Content-Digest"); response.StatusCode == http.StatusOK &&
		strings.HasPrefix(said, "sha256:") && request.Method == http.MethodGet {
		response.Body = &verified{ReadCloser: response.Body, said: said, hash: sha256.New()}
	}
	return response, nil
}

var errTooLong = errors.New("the answer is longer than any image's")

// bounded is a body that fails where it is too long.
type bounded struct {
	io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

var errDigest = errors.New("the digest that it names is not that of what it sends")

// verified is a body that fails at its end where it has not the digest that was said. Of a blob go-containerregistry
// compares it with the manifest; of a tag's manifest it does not.
type verified struct {
	io.ReadCloser
	said string
	hash hash.Hash
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.hash.Write(p[:n])
	if err == io.EOF && v.said != "sha256:"+hex.EncodeToString(v.hash.Sum(nil)) {
		return n, errDigest
	}
	return n, err
}
