package registry

import (
	"context"
	"fmt"
	"time"

	"dockerfile-ls/analysis/image"
)

// Recorded answers with what registries have said some time ago, and asks nobody. It is for the tour and for tests.
type Recorded image.Known

// Resolve answers from the record; what is not in it is a *Failure.
func (r Recorded) Resolve(_ context.Context, q image.Question) (image.Facts, error) {
	at, err := locate(q)
	if err != nil {
		return image.Facts{}, err
	}
	if q.Progress != nil {
		q.Progress("the record of " + at.host())
	}
	facts, ok := r[q.Reference.Key()]
	if !ok {
		return image.Facts{}, &Failure{at: at, Missing: true, Message: fmt.Sprintf("Nothing is recorded of `%s`.", at.image)}
	}
	if facts.Asked.IsZero() {
		facts.Asked = time.Now()
	}
	return facts, nil
}
