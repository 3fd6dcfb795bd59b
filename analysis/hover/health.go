package hover

import (
	"strconv"
	"strings"
	"time"

	"dockerfile-ls/analysis/dockerfile"
)

// inWords is what a duration or number of HEALTHCHECK says, in words; empty if it is malformed.
func inWords(flag, value string) string {
	if flag == "retries" {
		if dockerfile.CheckRetries(value) != nil {
			return ""
		}
		n, _ := strconv.Atoi(value)
		if n == 0 {
			return "0, which stands for the default"
		}
		return count(n, "failed check", "failed checks in a row")
	}
	d, err := time.ParseDuration(value)
	switch {
	case err != nil || dockerfile.CheckDuration(value) != nil:
		return ""
	case d == 0 && flag != "start-period":
		return "0, which stands for the default"
	case d == 0:
		return "none"
	}
	return duration(d)
}

// duration is a duration in words, as 1 minute 30 seconds.
func duration(d time.Duration) string {
	var parts []string
	add := func(unit time.Duration, one string) {
		if n := d / unit; n > 0 {
			parts = append(parts, count(int(n), one, one+"s"))
			d %= unit
		}
	}
	add(time.Hour, "hour")
	add(time.Minute, "minute")
	if d%time.Second != 0 && d > time.Second {
		return strings.Join(append(parts, strconv.FormatFloat(d.Seconds(), 'f', -1, 64)+" seconds"), " ")
	}
	add(time.Second, "second")
	add(time.Millisecond, "millisecond")
	add(time.Microsecond, "microsecond")
	add(time.Nanosecond, "nanosecond")
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " ")
}

// healthDefaults are what counts where a flag is left out or is 0. Source: the reference of the
// language.
const (
	defaultInterval = 30 * time.Second
	defaultRetries  = 3
)

// health says when a container counts as unhealthy, by the flags of the HEALTHCHECK.
func (p *place) health(c *Card) {
	if kind := healthKind(p.Instruction); strings.EqualFold(kind.Text, "NONE") {
		return
	}
	interval, timeout, start, retries := defaultInterval, defaultInterval, time.Duration(0), defaultRetries
	for _, f := range p.Flags {
		value := f.Value.Text
		if f.Name.Text == "retries" {
			if n, err := strconv.Atoi(value); err == nil && dockerfile.CheckRetries(value) == nil && n > 0 {
				retries = n
			}
			continue
		}
		d, err := time.ParseDuration(value)
		if err != nil || dockerfile.CheckDuration(value) != nil || d == 0 {
			continue
		}
		switch f.Name.Text {
		case "interval":
			interval = d
		case "timeout":
			timeout = d
		case "start-period":
			start = d
		}
	}
	c.row("unhealthy", "after "+count(retries, "check that fails", "checks in a row that fail")+", one every "+
		duration(interval)+", each failed after "+duration(timeout)+" at the latest")
	if start > 0 {
		c.row("start", "checks that fail in the first "+duration(start)+" do not count")
	}
}
