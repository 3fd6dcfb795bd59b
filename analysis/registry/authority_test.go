package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// certificates is an authority with a certificate for this machine.
type certificates struct {
	root []byte // PEM
	own  tls.Certificate
}

var authority certificates

func newAuthority() certificates {
	key, template := newKey(), certificateTemplate(1)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	root := sign(template, template, key, key)
	ownKey, own := newKey(), certificateTemplate(2)
	own.DNSNames, own.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	return certificates{
		root: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}),
		own:  tls.Certificate{Certificate: [][]byte{sign(own, template, ownKey, key)}, PrivateKey: ownKey},
	}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	return key
}

func certificateTemplate(serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

func sign(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) []byte {
	signed, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		log.Fatal(err)
	}
	return signed
}

// serveTLS is an https server that the system trusts.
func serveTLS(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{authority.own}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}
