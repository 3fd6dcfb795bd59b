package server

import (
	"context"
	"errors"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// codeRequestFailed is LSP's code for a well-formed request that cannot be fulfilled; the library lacks it.
const codeRequestFailed jsonrpc2.Code = -32803

// codeContentModified is LSP's code for an answer that would be about another version of the document.
const codeContentModified = jsonrpc2.Code(protocol.LSPErrorCodesContentModified)

// failed is the answer to a request that is well-formed and cannot be fulfilled. The user reads the text.
func failed(format string, args ...any) error {
	return jsonrpc2.Errorf(codeRequestFailed, format, args...)
}

// wireError gives every error a code; jsonrpc2 sends 0 for those that have none.
func wireError(err error) error {
	if coded := (*jsonrpc2.Error)(nil); errors.As(err, &coded) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return protocol.ErrRequestCancelled
	}
	return jsonrpc2.NewError(codeRequestFailed, err.Error())
}
