// libcurl, loaded when somebody first sends something.
//
// It brings thirty libraries along (Kerberos, LDAP, SSH …), whose loading and relocation cost every start of the program a tenth of its
// instructions, and most commands send nothing. The functions below have libcurl's names and signatures (curl.h declares them) and hand their
// calls on; those with a variable number of arguments are reached through `assay_curl_library`.
#include "CurlLibrary.h"

#include "CCurlShims.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static struct assay_curl_library library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_library(void) {
    static const char *const names[] = {
#ifdef __APPLE__
        "libcurl.4.dylib", "/usr/lib/libcurl.4.dylib",
#else
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so",
#endif
    };
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        void *handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
        if (handle) return handle;
    }
    return NULL;
}

static void load(void) {
    void *handle = open_library();
    if (!handle) return;
    int found = 1;
    // POSIX has dlsym give functions as pointers to objects.
#define FIND(member, name) found &= (*(void **)&library.member = dlsym(handle, name)) != NULL
    FIND(global_init, "curl_global_init");
    FIND(version_info, "curl_version_info");
    FIND(easy_init, "curl_easy_init");
    FIND(easy_setopt, "curl_easy_setopt");
    FIND(easy_perform, "curl_easy_perform");
    FIND(easy_getinfo, "curl_easy_getinfo");
    FIND(easy_cleanup, "curl_easy_cleanup");
    FIND(easy_strerror, "curl_easy_strerror");
    FIND(slist_append, "curl_slist_append");
    FIND(slist_free_all, "curl_slist_free_all");
    FIND(free, "curl_free");
    FIND(url, "curl_url");
    FIND(url_cleanup, "curl_url_cleanup");
    FIND(url_set, "curl_url_set");
    FIND(url_get, "curl_url_get");
#undef FIND
    library.is_there = found;
}

const struct assay_curl_library *assay_curl_library(void) {
    pthread_once(&once, load);
    return &library;
}

#define LIBRARY assay_curl_library()

CURLcode curl_global_init(long flags) {
    return LIBRARY->is_there ? LIBRARY->global_init(flags) : CURLE_FAILED_INIT;
}

curl_version_info_data *curl_version_info(CURLversion version) {
    return LIBRARY->is_there ? LIBRARY->version_info(version) : NULL;
}

CURL *curl_easy_init(void) { return LIBRARY->is_there ? LIBRARY->easy_init() : NULL; }

// Nobody has a handle, a list or a URL of a library that isn't there: the rest is called with what these functions gave.

CURLcode curl_easy_perform(CURL *handle) { return LIBRARY->easy_perform(handle); }

void curl_easy_cleanup(CURL *handle) {
    if (handle) LIBRARY->easy_cleanup(handle);
}

const char *curl_easy_strerror(CURLcode code) {
    return LIBRARY->is_there ? LIBRARY->easy_strerror(code) : "libcurl is not there";
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return LIBRARY->is_there ? LIBRARY->slist_append(list, text) : NULL;
}

void curl_slist_free_all(struct curl_slist *list) {
    if (list) LIBRARY->slist_free_all(list);
}

void curl_free(void *memory) {
    if (memory) LIBRARY->free(memory);
}

CURLU *curl_url(void) { return LIBRARY->is_there ? LIBRARY->url() : NULL; }

void curl_url_cleanup(CURLU *url) {
    if (url) LIBRARY->url_cleanup(url);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
    return url ? LIBRARY->url_set(url, part, text, flags) : CURLUE_BAD_HANDLE;
}

// Some versions of curl.h have the handle const and some have not, so that this one needs a name of its own.
CURLUcode assay_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags) {
    return url ? LIBRARY->url_get(url, part, text, flags) : CURLUE_BAD_HANDLE;
}
