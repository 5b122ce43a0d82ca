// A receiver to try klink_webhook.go with: KLINK_WEBHOOK_SECRET=whsec_test go run ./receiver
//
// PORT is where it listens (8080), KLINK_WEBHOOK_URL the URL that the sender signs, if it is
// another than the one that is printed.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"klinkwebhook"
)

const (
	maxBody      = 1 << 20
	maxDiscarded = 16 << 20 // who sends more gets no answer, as the connection is reset
)

func handle(event klinkwebhook.Event) error {
	fmt.Println("handled", event.Name, event.ID)
	return nil
}

func receiver(verifier *klinkwebhook.Verifier, path string) http.HandlerFunc {
	events := klinkwebhook.NewMemoryEvents(100_000)
	return func(w http.ResponseWriter, r *http.Request) {
		status, code := 404, "wrong_path"
		if r.Method == http.MethodPost && r.URL.EscapedPath() == path {
			status, code = receive(verifier, events, r)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, "{\"code\": %q}\n", code)
	}
}

func receive(verifier *klinkwebhook.Verifier, events klinkwebhook.Events, r *http.Request) (int, string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return 400, "body_cut_off"
	}
	if len(body) > maxBody {
		_, _ = io.CopyN(io.Discard, r.Body, maxDiscarded)
		return 413, "body_too_large"
	}
	status, code, err := klinkwebhook.Receive(
		verifier, body, r.Header.Values("X-Signature"), events, handle)
	if err != nil {
		fmt.Println("failed:", err)
	}
	return status, code
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	public := os.Getenv("KLINK_WEBHOOK_URL")
	if public == "" {
		public = "http://" + listener.Addr().String() + "/hook"
	}
	verifier, err := klinkwebhook.NewVerifier(public, os.Getenv("KLINK_WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	parsed, err := url.Parse(public)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening for", public)
	server := &http.Server{
		Handler: receiver(verifier, parsed.EscapedPath()), ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}
