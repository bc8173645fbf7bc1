#ifndef ASSAY_CURL_SHIMS_H
#define ASSAY_CURL_SHIMS_H

#include <curl/curl.h>
#include <stddef.h>

// libcurl's options go through variadic functions, which Swift can't call: one function a kind of value.
CURLcode assay_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode assay_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode assay_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode assay_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode assay_curl_get_long(CURL *handle, CURLINFO info, long *value);

// As curl_url_get.
CURLUcode assay_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags);

// Callbacks, each with what it is given.
CURLcode assay_curl_on_body(CURL *handle, curl_write_callback callback, void *context);
CURLcode assay_curl_on_header(CURL *handle, curl_write_callback callback, void *context);
CURLcode assay_curl_on_upload(CURL *handle, curl_read_callback callback, void *context);
CURLcode assay_curl_on_progress(CURL *handle, curl_xferinfo_callback callback, void *context);
CURLcode assay_curl_on_dialogue(CURL *handle, curl_debug_callback callback, void *context);

// Whether a socket to this address may be opened: 1 or 0.
typedef int (*assay_address_check)(void *context, const struct sockaddr *address, unsigned int length);
struct assay_address_gate {
    assay_address_check check;
    void *context;
};
// The gate must live as long as the handle is used.
CURLcode assay_curl_gate(CURL *handle, struct assay_address_gate *gate);

// The bytes of an internet address, 4 or 16 of them; 0 for addresses of other families.
int assay_address_bytes(const struct sockaddr *address, unsigned int length, unsigned char bytes[16]);

// Only these protocols, whatever an address says: names with commas.
CURLcode assay_curl_allow(CURL *handle, const char *protocols, long mask);

// A mail goes to the recipients that are accepted, although others are refused.
CURLcode assay_curl_allow_refused_recipients(CURL *handle);

// A connection that breaks while something is written must end the call, not the process: to be called on threads of our own.
void assay_block_sigpipe(void);

#endif
