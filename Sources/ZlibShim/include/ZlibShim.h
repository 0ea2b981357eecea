#ifndef SAKIGAKE_ZLIB_SHIM_H
#define SAKIGAKE_ZLIB_SHIM_H

#include <zlib.h>

// deflateInit2 and inflateInit2 are macros, which Swift does not see.

/// A deflate stream with a gzip header and trailer (RFC 1952).
static inline int sakigake_gzip_start(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// A deflate stream in zlib's own form (RFC 1950).
static inline int sakigake_deflate_start(z_stream *stream, int level) { return deflateInit(stream, level); }

/// An inflate stream in zlib's own form (RFC 1950).
static inline int sakigake_inflate_start(z_stream *stream) { return inflateInit(stream); }

#endif
