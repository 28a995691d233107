import CLibCrypto

/// SHA-256 over bytes as they come (FIPS 180-4, section 6.2), by libcrypto.
///
/// One value can hash any number of messages: ``finish()`` hands back the digest and starts the next message in the same context, so a long-lived
/// hasher allocates once. Small pieces are gathered in the value and handed over together, since a call into libcrypto costs more than hashing a
/// few bytes does.
@safe package struct SHA256: ~Copyable {
    private static let stagingCapacity = 256

    private let context: OpaquePointer
    private var staging = InlineArray<256, UInt8>(repeating: 0)
    private var staged = 0

    /// Makes a hasher ready for its first message. Running out of memory here ends the process.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("Cannot hash: libcrypto had no memory for a context") }
        unsafe self.context = context
        let started = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(started == 1, "Cannot hash: this libcrypto does not provide SHA-256")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds the bytes of a span.
    package mutating func update(_ bytes: RawSpan) {
        if bytes.byteCount <= Self.stagingCapacity - staged {
            unsafe bytes.withUnsafeBytes { unsafe stage($0) }
        } else {
            flush()
            unsafe bytes.withUnsafeBytes { unsafe pass($0) }
        }
    }

    /// Adds the bytes of an array.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe update(bytes.span.bytes)
    }

    /// Adds a text's UTF-8 bytes.
    package mutating func update(_ text: String) {
        unsafe update(text.utf8Span.span.bytes)
    }

    /// Adds the 32 bytes of another digest, as a hash chain does.
    package mutating func update(_ digest: SHA256Digest) {
        for index in 0..<SHA256Digest.byteCount { update(digest[index]) }
    }

    /// Adds one byte.
    package mutating func update(_ value: UInt8) {
        if staged == Self.stagingCapacity { flush() }
        staging[staged] = value
        staged += 1
    }

    /// Adds two bytes, highest first.
    package mutating func update(_ value: Int16) {
        stage(UInt64(UInt16(bitPattern: value)), byteCount: 2)
    }

    /// Adds four bytes, highest first.
    package mutating func update(_ value: Int32) {
        stage(UInt64(UInt32(bitPattern: value)), byteCount: 4)
    }

    /// Adds four bytes, highest first.
    package mutating func update(_ value: UInt32) {
        stage(UInt64(value), byteCount: 4)
    }

    /// Adds eight bytes, highest first.
    package mutating func update(_ value: Int64) {
        stage(UInt64(bitPattern: value), byteCount: 8)
    }

    /// Adds eight bytes, highest first.
    package mutating func update(_ value: UInt64) {
        stage(value, byteCount: 8)
    }

    /// The digest of everything added since the last call; the next message starts empty.
    package mutating func finish() -> SHA256Digest {
        flush()
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        let done = unsafe span.withUnsafeMutableBufferPointer { unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
        precondition(done == 1, "Cannot hash: libcrypto failed to finish a digest")
        // No algorithm named: the context keeps the one it has, which spares libcrypto a look-up.
        let restarted = unsafe EVP_DigestInit_ex(context, nil, nil)
        precondition(restarted == 1, "Cannot hash: libcrypto failed to start the next digest")
        guard let digest = unsafe SHA256Digest(bytes: bytes.span.bytes) else { preconditionFailure("Cannot hash: a digest has 32 bytes") }
        return digest
    }

    /// The digest of one array.
    package static func hash(_ bytes: [UInt8]) -> SHA256Digest {
        unsafe hash(bytes.span.bytes)
    }

    /// The digest of one span.
    package static func hash(_ bytes: RawSpan) -> SHA256Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// The digest of a text's UTF-8 bytes.
    package static func hash(_ text: String) -> SHA256Digest {
        unsafe hash(text.utf8Span.span.bytes)
    }

    // MARK: -

    private mutating func stage(_ value: UInt64, byteCount: Int) {
        if Self.stagingCapacity - staged < byteCount { flush() }
        for index in 0..<byteCount {
            staging[staged + index] = UInt8(truncatingIfNeeded: value >> UInt64((byteCount - 1 - index) * 8))
        }
        staged += byteCount
    }

    private mutating func stage(_ bytes: UnsafeRawBufferPointer) {
        let start = staged
        var span = staging.mutableSpan
        unsafe span.withUnsafeMutableBytes { unsafe UnsafeMutableRawBufferPointer(rebasing: $0[start...]).copyMemory(from: bytes) }
        staged += bytes.count
    }

    private mutating func flush() {
        guard staged > 0 else { return }
        let count = staged
        let span = staging.span
        unsafe span.bytes.withUnsafeBytes { unsafe pass(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        staged = 0
    }

    private borrowing func pass(_ bytes: UnsafeRawBufferPointer) {
        let passed = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(passed == 1, "Cannot hash: libcrypto refused bytes")
    }
}
