<?php

/** Prints what klink_webhook.php makes of each vector: php vectors.php < canonical-vectors.jsonl */

declare(strict_types=1);

require __DIR__ . '/klink_webhook.php';

function answer(array $vector): array
{
    $body = $vector['body'] ?? base64_decode($vector['bodyBase64']);
    try {
        $canonical = KlinkWebhook\canonical_request($vector['url'], $vector['method'])
            . KlinkWebhook\canonical_body($body);
    } catch (KlinkWebhook\Refused $refused) {
        return ['error' => $refused->getMessage()];
    }
    return ['canonical' => $canonical, 'signature' => hash_hmac('sha256', $canonical, $vector['secret'])];
}

while (($line = fgets(STDIN)) !== false) {
    echo json_encode(answer(json_decode($line, true)), JSON_THROW_ON_ERROR), "\n";
}
