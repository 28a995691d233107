import JSON

/// A device's own message where a payload holds it encoded as text: bytes and a tape beside the payload's, kept from record to record.
struct EmbeddedDocument: Sendable {
    private var bytes: [UInt8] = []
    private var reader = JSONReader()

    /// Takes the bytes of a text in base64; false where it is none.
    mutating func decode(base64 text: RawSpan) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        return Base64.decode(text, into: &bytes)
    }

    /// Whether the text stands for no bytes.
    var isEmpty: Bool { bytes.isEmpty }

    /// Reads the bytes as JSON.
    mutating func read() throws(JSONSyntaxError) {
        // A reference, not a copy: the bytes are borrowed while the tape changes.
        let bytes = bytes
        try reader.read(bytes.rawBytes)
    }

    /// What `read` read.
    var document: JSONDocument {
        @_lifetime(borrow self)
        get { reader.document(over: bytes.rawBytes) }
    }
}
