#pragma once
#include <zlib.h>

// deflateInit2 is a macro. 15 bits of window, and 16 for the header and trailer of gzip (RFC 1952).
static inline int hindcast_gzip_start(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

// inflateInit2 is a macro: gzip alone.
static inline int hindcast_gunzip_start(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
