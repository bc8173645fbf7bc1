# What the other scripts need before they begin: Swift, and the C libraries that Assay links. Sourced, not run.
# Installs what is missing with apt-get; elsewhere it prints the packages' names and stops.

say() { printf '%s\n' "assay: $*"; }

stop() {
    printf '%s\n' "assay: $*" >&2
    exit 1
}

need_swift() {
    command -v swift >/dev/null 2>&1 ||
        stop "Swift is missing. Install Swift 6.2 or later from https://www.swift.org/install and try again."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || stop "'swift --version' says nothing that is understood. Install Swift 6.2 or later."
    local major=${version%%.*} minor=${version#*.}
    if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
        stop "Swift $version is too old. Install Swift 6.2 or later from https://www.swift.org/install and try again."
    fi
}

have_libraries() {
    command -v pkg-config >/dev/null 2>&1 && pkg-config --exists yaml-0.1 sqlite3 libcurl libpcre2-8 zlib libzstd snappy liblz4 libbrotlidec libbrotlienc
}

need_libraries() {
    if have_libraries; then return; fi
    if command -v apt-get >/dev/null 2>&1; then
        local packages="libyaml-dev libsqlite3-dev libcurl4-openssl-dev libpcre2-dev zlib1g-dev libzstd-dev libsnappy-dev liblz4-dev libbrotli-dev pkg-config"
        local sudo=""
        if [ "$(id -u)" -ne 0 ]; then
            command -v sudo >/dev/null 2>&1 ||
                stop "these packages are missing, and there is no sudo to install them with: $packages"
            sudo="sudo"
        fi
        say "installing $packages"
        # shellcheck disable=SC2086
        $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null ||
            stop "apt-get could not install: $packages"
        have_libraries || stop "the libraries were installed, but pkg-config does not find them"
        return
    fi
    cat >&2 <<'TEXT'
assay: these libraries are missing; install them and try again.
  Fedora:  dnf install libyaml-devel sqlite-devel libcurl-devel pcre2-devel zlib-devel libzstd-devel snappy-devel lz4-devel brotli-devel pkgconf-pkg-config
  macOS:   brew install libyaml sqlite curl pcre2 zlib zstd snappy lz4 brotli pkg-config
TEXT
    exit 1
}

# A tool that only measures: installed where that is possible without asking, and done without elsewhere.
want_tool() {
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing $1"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } >/dev/null 2>&1 || true
    fi
}

# Other readers and writers of Parquet and Delta, which some tests compare with, what tries the service's interface, and a mail server to
# send to: into a folder of their own, in front of PATH. Without them, or without the network, those tests say that they were skipped.
want_peers() {
    command -v python3 >/dev/null 2>&1 || { say "there is no python3: tests with other programs are skipped"; return; }
    local folder=.build/peers packages="pyarrow deltalake duckdb polars numpy pandas pytz schemathesis prometheus_client aiosmtpd cryptography openlineage-python"
    if ! "$folder/bin/python3" -c "import pyarrow, deltalake, duckdb, polars, numpy, pandas, pytz, schemathesis, prometheus_client, aiosmtpd, cryptography, openlineage.client" >/dev/null 2>&1; then
        say "installing $packages into $folder"
        { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet $packages; } >/dev/null 2>&1 ||
            { say "they can't be installed: tests with them are skipped"; return; }
    fi
    # Spark is 300 MB and needs a Java: where there is none, neither is installed for its sake.
    if command -v java >/dev/null 2>&1 && ! "$folder/bin/python3" -c "import pyspark" >/dev/null 2>&1; then
        say "installing pyspark into $folder"
        "$folder/bin/pip" install --quiet pyspark >/dev/null 2>&1 ||
            say "it can't be installed: the tests with Spark are skipped"
    fi
    PATH="$PWD/$folder/bin:$PATH"
    export PATH
}
