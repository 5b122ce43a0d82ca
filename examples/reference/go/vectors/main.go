// Prints what klink_webhook.go makes of each vector: go run ./vectors < canonical-vectors.jsonl
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	"klinkwebhook"
)

type vector struct {
	Dialect, Secret, Method, URL string
	Body                         *string
	BodyBase64                   []byte
}

type answer struct {
	Canonical string `json:"canonical,omitempty"`
	Signature string `json:"signature,omitempty"`
	Error     string `json:"error,omitempty"`
}

func check(v vector) answer {
	body := v.BodyBase64
	if v.Body != nil {
		body = []byte(*v.Body)
	}
	request, err := klinkwebhook.CanonicalRequest(v.Method, v.URL)
	canonical := []byte(request)
	if err == nil {
		var printed []byte
		printed, err = klinkwebhook.CanonicalBody(body, klinkwebhook.Dialect(v.Dialect))
		canonical = append(canonical, printed...)
	}
	if refused := (*klinkwebhook.Refused)(nil); errors.As(err, &refused) {
		return answer{Error: refused.Code}
	}
	mac := hmac.New(sha256.New, []byte(v.Secret))
	mac.Write(canonical)
	return answer{Canonical: string(canonical), Signature: hex.EncodeToString(mac.Sum(nil))}
}

func main() {
	vectors := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	for {
		var v vector
		if err := vectors.Decode(&v); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(check(v)); err != nil {
			log.Fatal(err)
		}
	}
}
