<?php

/**
 * A receiver to try klink_webhook.php with:
 *
 *     KLINK_WEBHOOK_SECRET=whsec_test php -S 127.0.0.1:8080 receiver.php
 *
 * KLINK_WEBHOOK_URL is the URL that the sender signs, if it is another than
 * http://127.0.0.1:8080/hook, EVENTS_DIRECTORY where the ids of events are remembered.
 */

declare(strict_types=1);

require __DIR__ . '/klink_webhook.php';

const MAX_BODY = 1 << 20;

function handle(array $event): void
{
    error_log('handled ' . $event['event'] . ' ' . ($event['id'] ?? 'without id'));
}

function respond(): array
{
    $url = getenv('KLINK_WEBHOOK_URL') ?: "http://127.0.0.1:{$_SERVER['SERVER_PORT']}/hook";
    if ($_SERVER['REQUEST_METHOD'] !== 'POST' || explode('?', $_SERVER['REQUEST_URI'])[0] !== parse_url($url, PHP_URL_PATH)) {
        return [404, 'wrong_path'];
    }
    $body = file_get_contents('php://input', false, null, 0, MAX_BODY + 1);
    if (strlen($body) > MAX_BODY) {
        return [413, 'body_too_large'];
    }
    $verifier = new KlinkWebhook\Verifier($url, [(string) getenv('KLINK_WEBHOOK_SECRET')]);
    $events = new KlinkWebhook\FileEvents(getenv('EVENTS_DIRECTORY') ?: sys_get_temp_dir() . '/klink-webhook-events');
    return KlinkWebhook\receive($verifier, $body, $_SERVER['HTTP_X_SIGNATURE'] ?? null, $events, 'handle');
}

try {
    [$status, $code] = respond();
} catch (Throwable $e) {
    error_log('failed: ' . $e->getMessage());
    [$status, $code] = [500, 'handler_failed'];
}
http_response_code($status);
header('Content-Type: application/json');
echo json_encode(['code' => $code]), "\n";
