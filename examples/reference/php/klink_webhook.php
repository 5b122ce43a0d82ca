<?php

/**
 * Verifies K-LINK webhooks. Copy this file: it needs PHP 8.0 or newer and nothing else.
 *
 * The short way is for requests of K-LINK's own sender, which sends the very bytes that it signed:
 *
 *     raw_body_is_authentic('POSThttps://hooks.example.com/klink', $secret, $body, $signature)
 *
 * The full way verifies whoever signs in the dialect "klink", however the body was printed on its
 * way:
 *
 *     $verifier = new Verifier('https://hooks.example.com/klink?tag=vip', [$secret]);
 *     $canonicalBody = $verifier->verify($body, $_SERVER['HTTP_X_SIGNATURE'] ?? null);
 *
 * $body is the request's body exactly as it came in: file_get_contents('php://input'). The rules
 * are those of CANONICAL.md.
 */

declare(strict_types=1);

namespace KlinkWebhook;

// ---- The short way --------------------------------------------------------------------------

/**
 * Tells whether $signature, the X-Signature header, is that of the bytes that came in.
 *
 * $request is the method, the public URL and the query of your endpoint. They never change, so
 * write them down once: 'POSThttps://hooks.example.com/klink', or print canonical_request($url).
 */
function raw_body_is_authentic(string $request, string $secret, string $body, string $signature): bool
{
    return hash_equals(hash_hmac('sha256', $request . $body, $secret), $signature);
}

// ---- The full way ---------------------------------------------------------------------------

/** The request must not be acted on. The message says why, the code is the status to answer. */
final class Refused extends \Exception
{
}

/** Verifies requests to one endpoint. */
final class Verifier
{
    private string $request;

    /**
     * $publicUrl is the URL as it was entered in K-LINK, with its query. Never take it from the
     * request. $secrets are all that are valid now: two while one is being replaced.
     */
    public function __construct(string $publicUrl, private array $secrets, string $method = 'POST')
    {
        $this->request = canonical_request($publicUrl, $method);
        if (in_array('', $secrets, true)) {
            throw new \InvalidArgumentException('secrets: a secret must not be empty');
        }
    }

    /**
     * Returns the canonical body, or throws Refused. Use what it returns, not $body; give
     * json_decode() JSON_BIGINT_AS_STRING, or it loses digits of long integers.
     *
     * PHP joins headers that come twice with a comma, so such a $signature is refused as malformed.
     */
    public function verify(string $body, ?string $signature): string
    {
        if ($signature === null) {
            throw new Refused('missing_signature', 401);
        }
        if (!preg_match('/^[0-9a-f]{64}$/D', $signature)) {
            throw new Refused('malformed_signature', 400);
        }
        if ($body === '') {
            throw new Refused('empty_body', 400);
        }
        $canonical = canonical_body($body);
        foreach ($this->secrets as $secret) {
            if (raw_body_is_authentic($this->request, $secret, $canonical, $signature)) {
                return $canonical;
            }
        }
        throw new Refused('signature_mismatch', 401);
    }
}

/** The hook for de-duplication. Write one over a table of yours, with a unique column for the id. */
interface Events
{
    /** Returns 'claimed' if the caller is to handle the event, 'in_progress' or 'duplicate'. */
    public function claim(string $id): string;

    /** Remembers that the event was handled, or lets a repetition be handled if that failed. */
    public function finish(string $id, bool $succeeded): void;
}

/** Remembers each event in a file of its own, as PHP's processes share no memory. */
final class FileEvents implements Events
{
    /** An event that was claimed longer ago than so many seconds was cut off and is handled again. */
    private const LEASE = 60;

    public function __construct(private string $directory)
    {
        if (!is_dir($directory) && !mkdir($directory, 0700, true)) {
            throw new \RuntimeException("cannot create the directory $directory");
        }
    }

    public function claim(string $id): string
    {
        $file = fopen($this->file($id), 'c+');
        if ($file === false || !flock($file, LOCK_EX)) { // released when $file is closed
            throw new \RuntimeException("cannot open a file in $this->directory");
        }
        $state = stream_get_contents($file);
        if ($state === 'done') {
            return 'duplicate';
        }
        if ($state !== '' && (int) $state > time() - self::LEASE) {
            return 'in_progress';
        }
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, (string) time());
        return 'claimed';
    }

    public function finish(string $id, bool $succeeded): void
    {
        file_put_contents($this->file($id), $succeeded ? 'done' : '', LOCK_EX);
    }

    private function file(string $id): string
    {
        return $this->directory . '/' . hash('sha256', $id);
    }
}

/**
 * Verifies a request and calls $handle with each event, an array, once. Returns [status, code].
 *
 * What $handle throws is thrown: answer 500, and the sender tries again. An event without an id
 * that is a string is handled each time it comes; K-LINK's own have one.
 */
function receive(Verifier $verifier, string $body, ?string $signature, Events $events, callable $handle): array
{
    try {
        $canonical = $verifier->verify($body, $signature);
    } catch (Refused $refused) {
        return [$refused->getCode(), $refused->getMessage()];
    }
    $event = json_decode($canonical, true, 1_001, JSON_BIGINT_AS_STRING);
    if (!is_array($event) || $canonical[0] !== '{' || !is_string($event['event'] ?? null)) {
        return [422, 'malformed_event'];
    }
    $id = json_decode($canonical, true, 1_001)['id'] ?? null; // there, only a string is a string
    if (!is_string($id)) {
        $handle($event);
        return [200, 'processed'];
    }
    $claim = $events->claim($id);
    if ($claim !== 'claimed') {
        return [$claim === 'duplicate' ? 200 : 503, $claim];
    }
    $succeeded = false;
    try {
        $handle($event);
        $succeeded = true;
    } finally {
        $events->finish($id, $succeeded);
    }
    return [200, 'processed'];
}

// ---- METHOD, URL and QUERY ------------------------------------------------------------------

const DEFAULT_PORTS = ['http' => '80', 'ws' => '80', 'https' => '443', 'wss' => '443'];
const URL_PARTS = '~^(?<scheme>https?|wss?)://'
    . '(?<host>\[(?<ipv6>[0-9a-f:.]+)\]|[a-z0-9\-._\~!$&\'()*+,;=]+)'
    . '(?::(?<port>[1-9][0-9]{0,4}))?'
    . '(?<path>/[a-z0-9\-._\~!$&\'()*+,;=:@/%]*)?'
    . '(?:\?(?<query>[a-z0-9\-._\~!$&\'()*+,;=:@/?\[\]%]*))?$~iD';

/** Returns METHOD, URL and QUERY as they are signed: what stands before the body. */
function canonical_request(string $url, string $method = 'POST'): string
{
    if (!preg_match('/^[!#$%&\'*+\-.^_`|~0-9A-Za-z]+$/D', $method)) {
        throw new Refused('malformed_method', 400);
    }
    $withoutFragment = explode('#', $url, 2)[0];
    if (
        !preg_match(URL_PARTS, $withoutFragment, $parts, PREG_UNMATCHED_AS_NULL)
        || preg_match('/%(?![0-9A-Fa-f]{2})/', $withoutFragment)
        || preg_match_all('/[^\x80-\xBF]/', $url) > 65_536
        || (int) $parts['port'] > 65_535
        || ($parts['ipv6'] !== null && !filter_var($parts['ipv6'], FILTER_VALIDATE_IP, FILTER_FLAG_IPV6))
    ) {
        throw new Refused('malformed_url', 400);
    }
    $scheme = strtolower($parts['scheme']);
    $port = $parts['port'] === null || $parts['port'] === DEFAULT_PORTS[$scheme] ? '' : ":{$parts['port']}";
    $path = $parts['path'] ?? '/';
    return strtoupper($method) . "$scheme://" . strtolower($parts['host']) . $port . $path
        . canonical_query($parts['query'] ?? '');
}

function canonical_query(string $raw): string
{
    $values = [];
    foreach (explode('&', $raw) as $part) {
        if ($part !== '') {
            [$key, $value] = array_map('urldecode', explode('=', $part, 2)) + [1 => ''];
            if (!preg_match('//u', $key) || !preg_match('//u', $value)) {
                throw new Refused('malformed_url', 400);
            }
            $values["=$key"][] = $value; // never a key that PHP would make an integer
        }
    }
    ksort($values, SORT_STRING);
    $printed = [];
    foreach ($values as $key => $some) {
        sort($some, SORT_STRING);
        $printed[] = substr($key, 1) . '=[' . implode(' ', $some) . ']';
    }
    return implode('&', $printed);
}

// ---- BODY -----------------------------------------------------------------------------------

/** Returns the canonical form of a body in the dialect "klink", or throws Refused. */
function canonical_body(string $body): string
{
    if ($body === '') {
        return '';
    }
    if (strlen($body) > 67_108_864 || !preg_match('//u', $body)) {
        throw new Refused('malformed_body', 400);
    }
    return (new Scanner($body))->whole();
}

final class Scanner
{
    private const SPACE = " \t\r\n";
    private const CONTROLS = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\f\r\x0e\x0f"
        . "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
    private const ESCAPES = [
        '"' => '"', '\\' => '\\', '/' => '/', 'b' => "\x08", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t"];
    private const NUMBER = '/\G-?(?:0|[1-9][0-9]*+)((?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)/';

    private int $at = 0;

    public function __construct(private string $text)
    {
    }

    public function whole(): string
    {
        $printed = $this->value(0);
        $this->check($this->next() === '');
        return $printed;
    }

    private function check(bool $holds): void
    {
        if (!$holds) {
            throw new Refused('malformed_body', 400);
        }
    }

    /** The next byte that is no white space; empty at the end. */
    private function next(): string
    {
        $this->at += strspn($this->text, self::SPACE, $this->at);
        return substr($this->text, $this->at, 1);
    }

    private function skip(string $byte): bool
    {
        $found = $this->next() === $byte;
        $this->at += $found ? 1 : 0;
        return $found;
    }

    private function value(int $depth): string
    {
        switch ($this->next()) {
            case '{':
                return $this->object($depth);
            case '[':
                return $this->array($depth);
            case '"':
                return self::quoted($this->string());
        }
        foreach (['true', 'false', 'null'] as $word) {
            if (substr_compare($this->text, $word, $this->at, strlen($word)) === 0) {
                $this->at += strlen($word);
                return $word;
            }
        }
        return $this->number();
    }

    private function object(int $depth): string
    {
        $this->check($depth < 1_000);
        $this->at++;
        if ($this->skip('}')) {
            return '{}';
        }
        $members = [];
        do {
            $this->check($this->next() === '"');
            $name = $this->string();
            $key = "=$name"; // never a key that PHP would make an integer
            $this->check(!isset($members[$key]) && $this->skip(':'));
            $members[$key] = self::quoted($name) . ':' . $this->value($depth + 1);
        } while ($this->skip(','));
        $this->check($this->skip('}'));
        ksort($members, SORT_STRING);
        return '{' . implode(',', $members) . '}';
    }

    private function array(int $depth): string
    {
        $this->check($depth < 1_000);
        $this->at++;
        if ($this->skip(']')) {
            return '[]';
        }
        $values = [];
        do {
            $values[] = $this->value($depth + 1);
        } while ($this->skip(','));
        $this->check($this->skip(']'));
        return '[' . implode(',', $values) . ']';
    }

    private function string(): string
    {
        $string = '';
        $this->at++;
        while (true) {
            $plain = strcspn($this->text, '"\\' . self::CONTROLS, $this->at);
            $string .= substr($this->text, $this->at, $plain);
            $this->at += $plain;
            $byte = substr($this->text, $this->at++, 1);
            if ($byte === '"') {
                return $string;
            }
            $this->check($byte === '\\');
            $letter = substr($this->text, $this->at, 1);
            if ($letter === 'u') {
                $string .= $this->unicode();
            } else {
                $this->check(isset(self::ESCAPES[$letter]));
                $string .= self::ESCAPES[$letter];
                $this->at++;
            }
        }
    }

    /** Reads what follows the backslash of one escape, or of two that are a surrogate pair. */
    private function unicode(): string
    {
        $pair = '/\Gu(?:[dD][89abAB][0-9A-Fa-f]{2}\\\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(?![dD][89a-fA-F])[0-9A-Fa-f]{4})/';
        $this->check(preg_match($pair, $this->text, $match, 0, $this->at) === 1);
        $this->at += strlen($match[0]);
        return json_decode("\"\\$match[0]\"");
    }

    private static function quoted(string $string): string
    {
        return json_encode($string, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS);
    }

    private function number(): string
    {
        $this->check(preg_match(self::NUMBER, $this->text, $match, 0, $this->at) === 1);
        [$number, $fraction] = $match;
        $this->check(strlen($number) <= 1_000);
        $this->at += strlen($number);
        if ($fraction === '') {
            return $number === '-0' ? '0' : $number;
        }
        $this->check(is_finite((float) $number));
        return self::printedDouble((float) $number);
    }

    /** Prints the fewest digits that read back as the same double, as Python's repr does. */
    private static function printedDouble(float $value): string
    {
        preg_match('/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/iD', sprintf('%.*h', -1, $value), $part);
        $fraction = $part[3] ?? '';
        $digits = ltrim($part[2] . $fraction, '0');
        if ($digits === '') {
            return $part[1] . '0.0';
        }
        $power = strlen($digits) - strlen($fraction) + (int) ($part[4] ?? 0) - 1; // d.ddd * 10^power
        $digits = rtrim($digits, '0');
        if ($power < -4 || $power >= 16) {
            $mantissa = $digits[0] . (strlen($digits) > 1 ? '.' . substr($digits, 1) : '');
            return sprintf('%s%se%s%02d', $part[1], $mantissa, $power < 0 ? '-' : '+', abs($power));
        }
        if ($power < 0) {
            return $part[1] . '0.' . str_repeat('0', -$power - 1) . $digits;
        }
        $whole = str_pad(substr($digits, 0, $power + 1), $power + 1, '0');
        return $part[1] . $whole . '.' . (substr($digits, $power + 1) ?: '0');
    }
}
