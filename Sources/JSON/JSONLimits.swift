/// What a reader accepts beyond the grammar of RFC 8259, which leaves sizes to the implementation (§9).
public struct JSONLimits: Sendable {
    /// The longest document that any reader takes, in bytes (512 MiB less one): offsets and counts are packed into 32-bit tape entries.
    public static let maximumSupportedBytes = (1 << 29) - 1

    /// How many arrays and objects may be open at once. A scalar document has depth 0, `[]` depth 1.
    public var maximumDepth: Int

    /// The longest document in bytes; larger values than `maximumSupportedBytes` mean that.
    public var maximumBytes: Int

    /// Whether a UTF-8 byte order mark before the document is skipped, as RFC 8259 §8.1 allows. By default it is refused: what a device sends
    /// must not start with one, while an editor may have put one into a file. A UTF-16 or UTF-32 mark is refused always.
    public var skipsByteOrderMark: Bool

    /// Makes limits; the defaults suit messages from devices.
    public init(maximumDepth: Int = 512, maximumBytes: Int = JSONLimits.maximumSupportedBytes, skipsByteOrderMark: Bool = false) {
        self.maximumDepth = maximumDepth
        self.maximumBytes = maximumBytes
        self.skipsByteOrderMark = skipsByteOrderMark
    }
}
