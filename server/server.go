// Package server knows the Language Server Protocol: its messages, and what one client can do and has open.
// It must not know what findings and fixes are about: it asks analysis and codeactions, and converts.
package server

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"dockerfile-ls/analysis/image"
	"dockerfile-ls/analysis/settings"
	"dockerfile-ls/codeactions"
)

// Name is how the server calls itself to clients; it is also the source of its diagnostics.
const Name = "dockerfile-ls"

// partingTime is how long the last answers may take to reach a client that has left.
const partingTime = time.Second

// Options are what a server is made with.
type Options struct {
	Log     *slog.Logger
	Version string
	// Resolver asks registries; without one nothing is offered that needs their answers.
	Resolver codeactions.Resolver
	// Scanner looks into images; without one nothing is offered that needs it.
	Scanner codeactions.Scanner
}

// Run serves one client until it leaves, and returns the exit code of the process: 0 if the client asked for shutdown
// before, 1 if not, if it stops reading, or if ctx ends. A goroutine that is blocked reading in may be left behind.
func Run(ctx context.Context, in io.Reader, out io.Writer, o Options) int {
	return newServer(o).run(ctx, in, out)
}

// server is one connection. Its state belongs to the read loop, on which methods run one after the other; only
// computations leave it.
type server struct {
	log     *slog.Logger
	told    clientLog // what log tells the client
	version string
	methods map[string]jsonrpc2.Handler
	stage   stage
	// client is written by initialize, before anything reads it, and stays.
	client    client
	documents map[string]*document
	publisher *publisher
	gatherer  *gatherer
	// folders are those of the workspace, and editor what the client's settings say.
	folders  []string
	editor   settings.Settings
	out      *stream
	conn     jsonrpc2.Conn
	requests cancellations[jsonrpc2.ID]
	// shown are the progresses that the server has begun by itself, by their tokens.
	shown    cancellations[string]
	shows    atomic.Int64 // how many there were
	resolver codeactions.Resolver
	scanner  codeactions.Scanner
	programs sync.WaitGroup // the scanners that run
	images   image.Known    // what registries have said; it is replaced and never changed
	// scans are what was found in images, by document and lint.ScanKey. The inner maps are replaced and never changed.
	scans map[string]map[string]image.Scan
	// trusted says whether the user trusts the workspace, if the client says anything of it.
	trusted *bool
	turns   turns
	closed  closedFiles
	symbols symbolFiles
	tokens  map[string]*toldTokens // by document, of those that are open
	// refreshing says that the client is being told to ask for diagnostics again, refreshAgain that it must be once more.
	refreshing, refreshAgain bool
	asked                    int    // how often the client was asked for its settings
	trace                    string // the client's trace value: off, messages or verbose
	// looked is when the disk was last looked at for changes that nobody tells of.
	looked time.Time
	// tokenAnswers is how many answers with tokens had a name.
	tokenAnswers atomic.Int64
	// start runs a task beside the read loop, until the connection ends.
	start func(task func(context.Context))
	// tell makes the message about a document for the client.
	tell func(*document) []byte
	// alive reports whether a process exists.
	alive func(pid int) bool
	// done takes the exit code; the first one counts.
	done chan int
}

func newServer(o Options) *server {
	told := newClientLog(o.Log.Handler())
	s := &server{
		log:       slog.New(told),
		told:      told,
		version:   o.Version,
		resolver:  o.Resolver,
		scanner:   o.Scanner,
		documents: map[string]*document{},
		publisher: newPublisher(),
		gatherer:  newGatherer(os.DirFS),
		closed:    closedFiles{files: map[string]closedFile{}},
		symbols:   symbolFiles{files: map[string]symbolFile{}},
		tokens:    map[string]*toldTokens{},
		alive:     processAlive,
		scans:     map[string]map[string]image.Scan{},
		done:      make(chan int, 1),
	}
	s.tell = s.publication
	s.methods = map[string]jsonrpc2.Handler{
		protocol.MethodInitialize:                          request(s.initialize),
		protocol.MethodShutdown:                            request(s.shutdown),
		protocol.MethodExit:                                notification(s.exit),
		protocol.MethodCancelRequest:                       notification(s.cancelRequest),
		protocol.MethodWindowWorkDoneProgressCancel:        notification(s.cancelProgress),
		protocol.MethodTextDocumentHover:                   computed(s, s.hover),
		protocol.MethodTextDocumentDidOpen:                 notification(s.didOpen),
		protocol.MethodTextDocumentDidChange:               notification(s.didChange),
		protocol.MethodTextDocumentDidSave:                 notification(s.didSave),
		protocol.MethodTextDocumentDidClose:                notification(s.didClose),
		protocol.MethodWorkspaceDidChangeConfiguration:     notification(s.didChangeConfiguration),
		protocol.MethodWorkspaceDidChangeWorkspaceFolders:  notification(s.didChangeWorkspaceFolders),
		protocol.MethodWorkspaceDidChangeWatchedFiles:      notification(s.didChangeWatchedFiles),
		protocol.MethodInitialized:                         notification(s.initialized),
		protocol.MethodSetTrace:                            notification(s.setTrace),
		turn:                                               notification(s.takeTurns),
		protocol.MethodTextDocumentCodeAction:              computed(s, s.codeAction),
		protocol.MethodCodeActionResolve:                   computed(s, s.resolveCodeAction),
		protocol.MethodTextDocumentDiagnostic:              computed(s, s.documentDiagnostic),
		protocol.MethodWorkspaceDiagnostic:                 computed(s, s.workspaceDiagnostic),
		protocol.MethodWorkspaceExecuteCommand:             computed(s, s.executeCommand),
		protocol.MethodTextDocumentDocumentSymbol:          computed(s, s.documentSymbol),
		protocol.MethodTextDocumentFoldingRange:            computed(s, s.foldingRange),
		protocol.MethodTextDocumentSelectionRange:          computed(s, s.selectionRange),
		protocol.MethodWorkspaceSymbol:                     computed(s, s.workspaceSymbol),
		protocol.MethodTextDocumentSemanticTokensFull:      computed(s, s.semanticTokens),
		protocol.MethodTextDocumentSemanticTokensFullDelta: computed(s, s.semanticTokensDelta),
		protocol.MethodTextDocumentSemanticTokensRange:     computed(s, s.semanticTokensRange),
		protocol.MethodTextDocumentDefinition:              computed(s, s.definition),
		protocol.MethodTextDocumentDeclaration:             computed(s, atName(s, s.declaration)),
		protocol.MethodTextDocumentReferences:              computed(s, atName(s, s.references)),
		protocol.MethodTextDocumentDocumentHighlight:       computed(s, atName(s, s.highlight)),
		protocol.MethodTextDocumentPrepareRename:           computed(s, atName(s, s.prepareRename)),
		protocol.MethodTextDocumentRename:                  computed(s, atName(s, s.rename)),
		protocol.MethodTextDocumentLinkedEditingRange:      computed(s, atName(s, s.linkedEditing)),
		protocol.MethodTextDocumentDocumentLink:            computed(s, s.documentLinks),
		protocol.MethodTextDocumentInlayHint:               computed(s, s.inlayHints),
		protocol.MethodTextDocumentCodeLens:                computed(s, s.codeLenses),
		protocol.MethodTextDocumentFormatting:              computed(s, s.formatDocument),
		protocol.MethodTextDocumentRangeFormatting:         computed(s, s.formatRange),
		protocol.MethodTextDocumentRangesFormatting:        computed(s, s.formatRanges),
		protocol.MethodTextDocumentOnTypeFormatting:        computed(s, s.formatLine),
		protocol.MethodTextDocumentCompletion:              computed(s, s.completion),
		protocol.MethodTextDocumentSignatureHelp:           computed(s, s.signatureHelp),
	}
	return s
}

func (s *server) run(ctx context.Context, in io.Reader, out io.Writer) int {
	ctx, stop := context.WithCancel(ctx)
	defer s.part(stop)
	s.start = func(task func(context.Context)) { go task(ctx) }
	// What goes wrong in the stream itself is not sent through it.
	s.out = newStream(in, out, slog.New(s.told.Handler), s.inputEnded, func() { s.quit(1) })
	s.conn = jsonrpc2.NewConn(s.out, jsonrpc2.WithCodec(codec{}))
	s.start(s.out.write)
	s.start(s.out.read)
	s.start(s.publish)
	s.start(s.gather)
	s.conn.Go(ctx, s.guard(s.handle))
	select {
	case code := <-s.done:
		s.out.flush(partingTime)
		return code
	case <-ctx.Done():
		return 1
	}
}

// part ends what is being computed, and waits shortly for what has something to put away: a scanner with its folder.
func (s *server) part(stop func()) {
	stop()
	done := make(chan struct{})
	go func() {
		s.programs.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(partingTime):
	}
}

// quit makes run return the code, unless it was told another one before.
func (s *server) quit(code int) {
	select {
	case s.done <- code:
	default:
	}
}

// codec encodes what is sent with the protocol's own encoder, which knows its unions.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error)      { return protocol.Marshal(v) }
func (codec) Unmarshal(data []byte, v any) error { return protocol.Unmarshal(data, v) }
