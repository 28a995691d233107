import CZLib

/// Compression by RFC 1952, at once in memory.
package enum Gzip {
    /// The bytes as one gzip member, without a file name or time: the same bytes give the same member.
    package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        let started = unsafe hindcast_gzip_start(&stream)
        precondition(started == Z_OK, "Cannot compress: zlib had no memory for a stream")
        defer { unsafe deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))))
        var input = bytes
        let ended = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                return unsafe deflate(&stream, Z_FINISH)
            }
        }
        precondition(ended == Z_STREAM_END, "Cannot compress: zlib did not end a stream of \(bytes.count) bytes")
        output.removeSubrange(Int(unsafe stream.total_out)...)
        return output
    }
}
