package lspcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// decode reads one JSON value; numbers stay as they are written, and bytes that are no UTF-8 become U+FFFD.
func decode(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("something stands behind the JSON value")
	}
	return v, nil
}

// object is a value as an object; one that is none has no properties.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func array(v any) []any {
	a, _ := v.([]any)
	return a
}

// at follows property names, with dots between them; nil where the way ends.
func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		v = object(v)[name]
	}
	return v
}

// textAt is the string at a path, or empty.
func textAt(v any, path string) string {
	s, _ := at(v, path).(string)
	return s
}

// holds reports whether an array has a value.
func holds(list any, v any) bool {
	for _, item := range array(list) {
		switch item.(type) {
		case string, json.Number:
			if item == v {
				return true
			}
		}
	}
	return false
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// whole reads a number without a fraction that an int64 holds.
func whole(v any) (int64, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	if n, err := strconv.ParseInt(string(number), 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<62 {
		return 0, false
	}
	return int64(f), true
}

// clamped reads any number; one that an int32 does not hold is moved to the nearest that it holds.
func clamped(v any) (int, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, _ := strconv.ParseFloat(string(number), 64) // out of range is infinite
	return int(min(max(f, math.MinInt32), math.MaxInt32)), true
}

// excerpt is a value as JSON, cut to what fits in a line.
func excerpt(v any) string {
	const most = 60
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil {
		return "?"
	}
	runes := []rune(strings.TrimSpace(out.String()))
	if len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return string(runes)
}
