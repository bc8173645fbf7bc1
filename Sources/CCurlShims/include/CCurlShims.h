#ifndef ASSAY_CURL_SHIMS_H
#define ASSAY_CURL_SHIMS_H

#include <curl/curl.h>

// libcurl's options go through variadic functions, which Swift can't call: one function a kind of value.
CURLcode assay_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode assay_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode assay_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode assay_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode assay_curl_get_long(CURL *handle, CURLINFO info, long *value);

#endif
