module klinkwebhook

go 1.19
