package corpus

import (
	"fmt"
	"strings"
)

// Shape is a Dockerfile of a kind that is rare and slow: Of makes one with so many parts, and Full is as many as a server
// has to bear.
type Shape struct {
	Name string
	Full int
	Of   func(parts int) string
}

// Shapes are what has brought other servers down. The last instruction of each can be typed into.
func Shapes() []Shape {
	return []Shape{
		{"ENV lines", 20_000, func(n int) string {
			return "FROM node:24\n" + each(n, func(i int) string { return fmt.Sprintf("ENV A%d=b%d\n", i, i) }) + lastRun
		}},
		{"continuation lines of one RUN", 20_000, func(n int) string {
			commands := each(n, func(i int) string { return fmt.Sprintf(" && \\\n  echo a%d", i) })
			return "FROM node:24\nRUN true" + commands + "\n" + lastRun
		}},
		{"stages", 5_000, func(n int) string {
			return each(n, func(i int) string { return fmt.Sprintf("FROM node:24 AS s%d\nRUN npm ci\n", i) }) + lastRun
		}},
		{"stages, each on the one before", 5_000, func(n int) string {
			return "FROM node:24 AS s0\n" + each(n, func(i int) string {
				return fmt.Sprintf("FROM s%d AS s%d\nRUN npm ci\n", i, i+1)
			}) + lastRun
		}},
		{"lines of a heredoc of 10 MB", 200_000, func(n int) string {
			line := "echo " + strings.Repeat("a", 47) + "\n"
			return "FROM node:24\nRUN <<EOF\n" + strings.Repeat(line, n) + "EOF\n" + lastRun
		}},
		{"words of one line of 5 MB", 500_000, func(n int) string {
			return "FROM node:24\nRUN echo" + strings.Repeat(" aaaaaaaaa", n) + "\n" + lastRun
		}},
		{"levels of ${a:-${b:-…}}", 3_000, func(n int) string {
			return "FROM node:24\nENV A=" + strings.Repeat("${a:-", n) + strings.Repeat("}", n) + "\n" + lastRun
		}},
		{"ARGs that double in length", 2_000, func(n int) string {
			return "FROM node:24\nARG V0=aaaaaaaaaa\n" +
				each(n, func(i int) string { return fmt.Sprintf("ARG V%d=$V%d$V%d\n", i+1, i, i) }) + lastRun
		}},
		{"ARGs that are used", 50_000, func(n int) string {
			uses := each(n, func(i int) string { return fmt.Sprintf("ARG A%d=%d\nLABEL l%d=$A%d\n", i, i, i, i) })
			return "FROM node:24\n" + uses + lastRun
		}},
		{"comments", 100_000, func(n int) string { return "FROM node:24\n" + strings.Repeat("# comment\n", n) + lastRun }},
		{"COPYs of a user's stage", 20_000, func(n int) string {
			copies := each(n, func(i int) string { return fmt.Sprintf("COPY a%d /app/b%d\n", i, i) })
			return "FROM node:24\nUSER node\n" + copies + lastRun
		}},
		{"lines", 100_000, Generated},
	}
}

const lastRun = "RUN npm run build\n"

func each(n int, part func(i int) string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(part(i))
	}
	return out.String()
}
