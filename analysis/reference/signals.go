package reference

import (
	"strconv"
	"strings"
)

// Signal is a signal of Linux.
type Signal struct {
	Name   string // with SIG
	Number int    // on x86 and ARM; other architectures have others for some
	Action string // what it does to a process that has said nothing
	Use    string // what it is for
}

const (
	ends  = "ends the process"
	dumps = "ends the process, with a core dump"
	stops = "stops the process until SIGCONT"
	none  = "does nothing"
)

// Signals are the signals of Linux. Source: signal(7) of the Linux manual pages.
var signals = []Signal{
	{"SIGHUP", 1, ends, "the terminal is gone; servers often read their configuration anew"},
	{"SIGINT", 2, ends, "Ctrl+C"},
	{"SIGQUIT", 3, dumps, `Ctrl+\; nginx and php-fpm end gracefully`},
	{"SIGILL", 4, dumps, "an illegal instruction of the processor"},
	{"SIGTRAP", 5, dumps, "a breakpoint of a debugger"},
	{"SIGABRT", 6, dumps, "abort()"},
	{"SIGBUS", 7, dumps, "an access to memory that is not there"},
	{"SIGFPE", 8, dumps, "a division by zero, and the like"},
	{"SIGKILL", 9, ends + "; it cannot be caught", "the last resort"},
	{"SIGUSR1", 10, ends, "what the program makes of it; Node.js starts its inspector"},
	{"SIGSEGV", 11, dumps, "an access to memory that is not allowed"},
	{"SIGUSR2", 12, ends, "what the program makes of it"},
	{"SIGPIPE", 13, ends, "nobody reads what is written"},
	{"SIGALRM", 14, ends, "the time of alarm() is over"},
	{"SIGTERM", 15, ends, "the request to end, which `docker stop` sends if nothing else is said"},
	{"SIGSTKFLT", 16, ends, "not used"},
	{"SIGCHLD", 17, none, "a child has ended"},
	{"SIGCONT", 18, "lets a stopped process go on", "the end of a stop"},
	{"SIGSTOP", 19, stops + "; it cannot be caught", "a stop"},
	{"SIGTSTP", 20, stops, "Ctrl+Z"},
	{"SIGTTIN", 21, stops, "a process in the background reads the terminal"},
	{"SIGTTOU", 22, stops, "a process in the background writes to the terminal"},
	{"SIGURG", 23, none, "urgent data of a socket"},
	{"SIGXCPU", 24, dumps, "too much processor time"},
	{"SIGXFSZ", 25, dumps, "a file that is too large"},
	{"SIGVTALRM", 26, ends, "a timer of processor time"},
	{"SIGPROF", 27, ends, "a timer for profiling"},
	{"SIGWINCH", 28, none, "the terminal has another size; Apache ends gracefully"},
	{"SIGIO", 29, ends, "input or output is possible"},
	{"SIGPWR", 30, ends, "the power fails"},
	{"SIGSYS", 31, dumps, "a system call that is not allowed"},
}

// also are other names of the same signals.
var also = map[string]string{"SIGCLD": "SIGCHLD", "SIGIOT": "SIGABRT", "SIGPOLL": "SIGIO"}

// FindSignal is a signal by its name, with SIG or without and in any casing, or by its number; false if it is none of Linux.
// Real-time signals are named by their distance from the first or the last one.
func FindSignal(word string) (Signal, bool) {
	number, err := strconv.Atoi(word)
	name := "SIG" + strings.TrimPrefix(strings.ToUpper(word), "SIG")
	if other := also[name]; other != "" {
		name = other
	}
	for _, s := range signals {
		if err == nil && s.Number == number || err != nil && s.Name == name {
			return s, true
		}
	}
	if err != nil {
		number = realTime(strings.TrimPrefix(name, "SIG"))
	}
	if number < firstRealTime || number > lastRealTime {
		return Signal{}, false
	}
	if err == nil {
		name = "SIGRTMIN+" + strconv.Itoa(number-firstRealTime)
	}
	return Signal{name, number, ends, "what the program makes of it"}, true
}

// Signals are all signals but those for real time, by number.
func Signals() []Signal { return append([]Signal(nil), signals...) }

// The real-time signals as the C libraries number them, which keep the first ones for themselves.
const (
	firstRealTime = 34
	lastRealTime  = 64
)

// realTime is the number of RTMIN+n or RTMAX-n; 0 if a name is none of them.
func realTime(name string) int {
	switch {
	case name == "RTMIN":
		return firstRealTime
	case name == "RTMAX":
		return lastRealTime
	}
	if rest, ok := strings.CutPrefix(name, "RTMIN+"); ok {
		if n, err := strconv.Atoi(rest); err == nil && n > 0 && n <= 15 {
			return firstRealTime + n
		}
	}
	if rest, ok := strings.CutPrefix(name, "RTMAX-"); ok {
		if n, err := strconv.Atoi(rest); err == nil && n > 0 && n <= 14 {
			return lastRealTime - n
		}
	}
	return 0
}

// Service is what listens on a port if nothing else is said.
type Service struct {
	Port     int
	Protocol string // tcp or udp; empty for both
	Name     string
}

// services are those that anybody knows a port by. Source: the registry of IANA, and Node.js for its inspector.
var services = []Service{
	{20, "tcp", "FTP data"}, {21, "tcp", "FTP"}, {22, "tcp", "SSH"}, {23, "tcp", "Telnet"}, {25, "tcp", "SMTP"},
	{53, "", "DNS"}, {67, "udp", "DHCP"}, {69, "udp", "TFTP"}, {80, "tcp", "HTTP"}, {88, "", "Kerberos"},
	{110, "tcp", "POP3"}, {123, "udp", "NTP"}, {143, "tcp", "IMAP"}, {161, "udp", "SNMP"}, {389, "tcp", "LDAP"},
	{443, "tcp", "HTTPS"}, {443, "udp", "HTTP/3"}, {465, "tcp", "SMTP over TLS"}, {514, "udp", "syslog"},
	{587, "tcp", "SMTP submission"}, {636, "tcp", "LDAP over TLS"}, {853, "tcp", "DNS over TLS"}, {873, "tcp", "rsync"},
	{993, "tcp", "IMAP over TLS"}, {995, "tcp", "POP3 over TLS"}, {1433, "tcp", "Microsoft SQL Server"},
	{1883, "tcp", "MQTT"}, {3306, "tcp", "MySQL"}, {3389, "tcp", "RDP"}, {5432, "tcp", "PostgreSQL"},
	{5671, "tcp", "AMQP over TLS"}, {5672, "tcp", "AMQP"}, {6379, "tcp", "Redis"}, {8883, "tcp", "MQTT over TLS"},
	{9229, "tcp", "the inspector of Node.js"}, {11211, "", "memcached"}, {27017, "tcp", "MongoDB"},
}

// FindService is the service that a port is known for; false if there is none that is certain.
func FindService(port int, protocol string) (Service, bool) {
	for _, s := range services {
		if s.Port == port && (s.Protocol == "" || s.Protocol == protocol) {
			return s, true
		}
	}
	return Service{}, false
}
