// Package klinkwebhook verifies K-LINK webhooks. Copy this file: it needs Go 1.19 or newer and
// nothing else.
//
// The short way is for requests of K-LINK's own sender, which sends the very bytes that it signed:
//
//	RawBodyIsAuthentic("POSThttps://hooks.example.com/klink", secret, body, signature)
//
// The full way verifies whoever signs in one of the dialects klink, go and go-number, however the
// body was printed on its way:
//
//	verifier, err := NewVerifier("https://hooks.example.com/klink?tag=vip", secret)
//	canonicalBody, err := verifier.Verify(body, request.Header.Values("X-Signature"))
//
// The rules are those of CANONICAL.md. Strings and numbers are printed here, not by encoding/json,
// whose escapes changed in Go 1.22.
package klinkwebhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// ---- The short way ----------------------------------------------------------------------------

// RawBodyIsAuthentic tells whether signature, the X-Signature header, is that of the bytes that
// came in. request is the method, the public URL and the query of your endpoint. They never
// change, so write them down once, or print what CanonicalRequest("POST", url) returns.
func RawBodyIsAuthentic(request, secret string, body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(request))
	mac.Write(body)
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(signature))
}

// ---- The full way -----------------------------------------------------------------------------

// Refused says why a request must not be acted on, and the status to answer with.
type Refused struct {
	Code   string
	Status int
}

func (r *Refused) Error() string { return r.Code }

var signatureForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Verifier verifies requests to one endpoint. It never changes and may be used by all goroutines.
type Verifier struct {
	request string
	secrets []string
}

// NewVerifier takes the URL as it was entered in K-LINK, with its query, never as the request has
// it, and all secrets that are valid now: two while one is being replaced.
func NewVerifier(publicURL string, secrets ...string) (*Verifier, error) {
	request, err := CanonicalRequest("POST", publicURL)
	if err != nil {
		return nil, err
	}
	for _, secret := range secrets {
		if secret == "" {
			return nil, errors.New("secrets: a secret must not be empty")
		}
	}
	return &Verifier{request, secrets}, nil
}

// Verify returns the canonical body, or an error that is a *Refused. Use what it returns and not
// body; read it with a json.Decoder and UseNumber, as float64 loses digits of integers from 2^53.
// signatures are the values of all X-Signature headers; there must be exactly one.
func (v *Verifier) Verify(body []byte, signatures []string) ([]byte, error) {
	switch {
	case len(signatures) == 0:
		return nil, &Refused{"missing_signature", 401}
	case len(signatures) > 1:
		return nil, &Refused{"repeated_signature", 400}
	case !signatureForm.MatchString(signatures[0]):
		return nil, &Refused{"malformed_signature", 400}
	case len(body) == 0:
		return nil, &Refused{"empty_body", 400}
	}
	var refusal error = &Refused{"malformed_body", 400}
	for _, dialect := range []Dialect{Klink, Go, GoNumber} {
		canonical, err := CanonicalBody(body, dialect)
		if err != nil {
			continue
		}
		refusal = &Refused{"signature_mismatch", 401}
		for _, secret := range v.secrets {
			if RawBodyIsAuthentic(v.request, secret, canonical, signatures[0]) {
				return canonical, nil
			}
		}
	}
	return nil, refusal
}

// Claim is what Events say of an event.
type Claim string

// Claimed events are the caller's to handle, others are not.
const (
	Claimed    Claim = "claimed"
	InProgress Claim = "in_progress"
	Duplicate  Claim = "duplicate"
)

// Events is the hook for de-duplication. To remember events for longer than a process lives,
// implement it over a table of yours, with a unique column for the id.
type Events interface {
	// Claim tells whether the caller is to handle the event.
	Claim(id string) (Claim, error)
	// Finish remembers that the event was handled, or lets a repetition be handled if that failed.
	Finish(id string, succeeded bool) error
}

// MemoryEvents remembers the ids of the last events until the process ends.
type MemoryEvents struct {
	lock     sync.Mutex
	finished map[string]bool
	order    []string // the ids as they were claimed, as a ring
	next     int
}

// NewMemoryEvents remembers as many events as limit says.
func NewMemoryEvents(limit int) *MemoryEvents {
	return &MemoryEvents{finished: map[string]bool{}, order: make([]string, limit)}
}

// Claim tells whether the caller is to handle the event.
func (e *MemoryEvents) Claim(id string) (Claim, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	if finished, known := e.finished[id]; finished {
		return Duplicate, nil
	} else if known {
		return InProgress, nil
	}
	delete(e.finished, e.order[e.next])
	e.order[e.next] = id
	e.next = (e.next + 1) % len(e.order)
	e.finished[id] = false
	return Claimed, nil
}

// Finish remembers that the event was handled, or lets a repetition be handled if that failed.
func (e *MemoryEvents) Finish(id string, succeeded bool) error {
	e.lock.Lock()
	defer e.lock.Unlock()
	if succeeded {
		e.finished[id] = true
	} else {
		delete(e.finished, id)
	}
	return nil
}

// Event is an event's name and id, and its JSON with all other fields.
type Event struct {
	Name string
	ID   string
	JSON []byte
}

// Receive verifies a request and calls handle once for each event. It returns the status to answer
// with and what became of the request. If handle or events fail, the status is 500, and the sender
// tries again. An event without an id that is a string is handled each time it comes; K-LINK's own
// have one.
func Receive(v *Verifier, body []byte, signatures []string, events Events,
	handle func(Event) error) (status int, code string, err error) {
	canonical, err := v.Verify(body, signatures)
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		return refused.Status, refused.Code, nil
	}
	var fields map[string]json.RawMessage
	event := Event{JSON: canonical}
	if json.Unmarshal(canonical, &fields) != nil || fields["event"] == nil ||
		json.Unmarshal(fields["event"], &event.Name) != nil || string(fields["event"]) == "null" {
		return 422, "malformed_event", nil
	}
	if fields["id"] == nil || fields["id"][0] != '"' || json.Unmarshal(fields["id"], &event.ID) != nil {
		if err := handle(event); err != nil {
			return 500, "handler_failed", err
		}
		return 200, "processed", nil
	}
	claim, err := events.Claim(event.ID)
	switch {
	case err != nil:
		return 503, "deduplication_unavailable", err
	case claim == Duplicate:
		return 200, string(claim), nil
	case claim == InProgress:
		return 503, string(claim), nil
	}
	succeeded := false
	defer func() { // also if handle panics
		if failure := events.Finish(event.ID, succeeded); failure != nil && err == nil {
			status, code, err = 500, "handler_failed", failure
		}
	}()
	if err := handle(event); err != nil {
		return 500, "handler_failed", err
	}
	succeeded = true
	return 200, "processed", nil
}

// ---- METHOD, URL and QUERY --------------------------------------------------------------------

var (
	token    = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	urlParts = regexp.MustCompile(`^((?i:https?|wss?))://` +
		`(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=]+)` +
		`(?::([1-9][0-9]{0,4}))?` +
		`(/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)?` +
		`(?:\?((?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})*))?$`)
	defaultPorts = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}
)

// CanonicalRequest returns METHOD, URL and QUERY as they are signed: what stands before the body.
func CanonicalRequest(method, endpoint string) (string, error) {
	if !token.MatchString(method) {
		return "", &Refused{"malformed_method", 400}
	}
	withoutFragment, _, _ := strings.Cut(endpoint, "#")
	parts := urlParts.FindStringSubmatch(withoutFragment)
	if parts == nil || utf8.RuneCountInString(endpoint) > 65_536 {
		return "", &Refused{"malformed_url", 400}
	}
	scheme, host, port, path := strings.ToLower(parts[1]), strings.ToLower(parts[2]), parts[3], parts[4]
	if strings.HasPrefix(host, "[") {
		if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil || address.Is4() {
			return "", &Refused{"malformed_url", 400}
		}
	}
	if number, _ := strconv.Atoi(port); number > 65_535 {
		return "", &Refused{"malformed_url", 400}
	}
	if port == defaultPorts[scheme] {
		port = ""
	}
	if port != "" {
		port = ":" + port
	}
	if path == "" {
		path = "/"
	}
	query, err := canonicalQuery(parts[5])
	return strings.ToUpper(method) + scheme + "://" + host + port + path + query, err
}

func canonicalQuery(raw string) (string, error) {
	values := map[string][]string{}
	for _, part := range strings.Split(raw, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		key, keyErr := url.QueryUnescape(key)
		value, valueErr := url.QueryUnescape(value)
		if keyErr != nil || valueErr != nil || !utf8.ValidString(key) || !utf8.ValidString(value) {
			return "", &Refused{"malformed_url", 400}
		}
		values[key] = append(values[key], value)
	}
	var printed []string
	for _, key := range sortedKeys(values) {
		sort.Strings(values[key])
		printed = append(printed, key+"=["+strings.Join(values[key], " ")+"]")
	}
	return strings.Join(printed, "&"), nil
}

func sortedKeys[V any](members map[string]V) []string {
	keys := make([]string, 0, len(members))
	for key := range members {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// ---- BODY -------------------------------------------------------------------------------------

// Dialect is how strings and numbers are printed.
type Dialect string

// What Python's json.dumps prints, Go's json.Marshal, and the latter with json.Number.
const (
	Klink    Dialect = "klink"
	Go       Dialect = "go"
	GoNumber Dialect = "go-number"
)

var (
	number   = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)`)
	unescape = map[byte]byte{
		'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
	escape = map[rune]string{
		'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	errMalformedBody = &Refused{"malformed_body", 400}
)

// CanonicalBody returns the canonical form of a body, or an error that is a *Refused.
func CanonicalBody(body []byte, dialect Dialect) (canonical []byte, err error) {
	if len(body) == 0 {
		return nil, nil
	}
	if len(body) > 67_108_864 || !utf8.Valid(body) {
		return nil, errMalformedBody
	}
	defer func() {
		if failure := recover(); failure == errMalformedBody {
			canonical, err = nil, errMalformedBody
		} else if failure != nil {
			panic(failure)
		}
	}()
	s := &scanner{text: string(body), dialect: dialect}
	printed := s.value(0)
	s.check(s.next() == 0 && s.at == len(s.text))
	return []byte(printed), nil
}

type scanner struct {
	text    string
	at      int
	dialect Dialect
}

func (s *scanner) check(holds bool) {
	if !holds {
		panic(errMalformedBody)
	}
}

// next is the next byte that is no white space, or 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.text); s.at++ {
		if strings.IndexByte(" \t\r\n", s.text[s.at]) < 0 {
			return s.text[s.at]
		}
	}
	return 0
}

func (s *scanner) skip(character byte) bool {
	found := s.next() == character
	if found {
		s.at++
	}
	return found
}

func (s *scanner) value(depth int) string {
	switch first := s.next(); first {
	case '{', '[':
		s.check(depth < 1_000)
		s.at++
		if first == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case '"':
		return s.quoted(s.string())
	case 't', 'f', 'n':
		for _, word := range []string{"true", "false", "null"} {
			if strings.HasPrefix(s.text[s.at:], word) {
				s.at += len(word)
				return word
			}
		}
	}
	return s.number()
}

func (s *scanner) object(depth int) string {
	if s.skip('}') {
		return "{}"
	}
	members := map[string]string{}
	for more := true; more; more = s.skip(',') {
		s.check(s.next() == '"')
		name := s.string()
		_, twice := members[name]
		s.check(!twice && s.skip(':'))
		members[name] = s.value(depth)
	}
	s.check(s.skip('}'))
	var printed []string
	for _, name := range sortedKeys(members) {
		printed = append(printed, s.quoted(name)+":"+members[name])
	}
	return "{" + strings.Join(printed, ",") + "}"
}

func (s *scanner) array(depth int) string {
	if s.skip(']') {
		return "[]"
	}
	var printed []string
	for more := true; more; more = s.skip(',') {
		printed = append(printed, s.value(depth))
	}
	s.check(s.skip(']'))
	return "[" + strings.Join(printed, ",") + "]"
}

func (s *scanner) string() string {
	var unescaped strings.Builder
	for s.at++; ; s.at++ {
		s.check(s.at < len(s.text) && s.text[s.at] >= ' ')
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return unescaped.String()
		case c != '\\':
			unescaped.WriteByte(c)
		case strings.HasPrefix(s.text[s.at:], `\u`):
			unescaped.WriteRune(s.codePoint())
		default:
			s.at++
			s.check(s.at < len(s.text) && unescape[s.text[s.at]] != 0)
			unescaped.WriteByte(unescape[s.text[s.at]])
		}
	}
}

// codePoint reads one \uXXXX, or two that are a surrogate pair, and ends at the last digit.
func (s *scanner) codePoint() rune {
	first := s.unit(s.at)
	s.at += 5
	if first < 0xD800 || first > 0xDFFF {
		return first
	}
	second := s.unit(s.at + 1)
	s.check(first < 0xDC00 && second >= 0xDC00 && second <= 0xDFFF)
	s.at += 6
	return 0x10000 + (first-0xD800)<<10 + second - 0xDC00
}

func (s *scanner) unit(at int) rune {
	s.check(at+6 <= len(s.text) && s.text[at:at+2] == `\u`)
	unit, err := strconv.ParseUint(s.text[at+2:at+6], 16, 16)
	s.check(err == nil)
	return rune(unit)
}

func (s *scanner) quoted(unescaped string) string {
	var printed strings.Builder
	printed.WriteByte('"')
	for _, c := range unescaped {
		short, isShort := escape[c]
		switch {
		case isShort:
			printed.WriteString(short)
		case c < ' ' || s.dialect != Klink && strings.ContainsRune("<>&\u2028\u2029", c):
			fmt.Fprintf(&printed, `\u%04x`, c)
		default:
			printed.WriteRune(c)
		}
	}
	printed.WriteByte('"')
	return printed.String()
}

func (s *scanner) number() string {
	match := number.FindStringSubmatch(s.text[s.at:])
	s.check(match != nil && len(match[0]) <= 1_000)
	written, isInteger := match[0], match[1] == ""
	s.at += len(written)
	double, _ := strconv.ParseFloat(written, 64)
	s.check(!math.IsInf(double, 0) || isInteger && s.dialect != Go)
	switch {
	case s.dialect == Go:
		return printedDouble(double, -6, 21, "", 1)
	case s.dialect == GoNumber:
		return written
	case !isInteger:
		return printedDouble(double, -4, 16, ".0", 2)
	case written == "-0":
		return "0"
	}
	return written
}

// printedDouble prints the fewest digits that read back as the same double, without an exponent
// from 10^least up and below 10^most; an integer ends with point, an exponent has some digits.
func printedDouble(double float64, least, most int, point string, exponentDigits int) string {
	if double == 0 {
		return strconv.FormatFloat(double, 'f', -1, 64) + point
	}
	scientific := strconv.FormatFloat(double, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(scientific, "e")
	power, _ := strconv.Atoi(exponent)
	if power < least || power >= most {
		return fmt.Sprintf("%se%c%0*d", mantissa, exponent[0], exponentDigits, int(math.Abs(float64(power))))
	}
	plain := strconv.FormatFloat(double, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += point
	}
	return plain
}
