// Package oracle asks BuildKit's own converter whether it rejects a Dockerfile, and compares that with our findings.
// It is a module of its own, so that the converter with its 300 packages is never linked into the product.
package oracle
