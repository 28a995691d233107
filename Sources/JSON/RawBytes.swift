// The standard library marks the view of any span as raw bytes unsafe, since an element could have padding. Bytes have none.

extension Span<UInt8> {
    /// The same bytes as a raw span: what readers take.
    @inlinable
    package var rawBytes: RawSpan {
        @_lifetime(copy self) get { unsafe bytes }
    }
}

extension [UInt8] {
    /// The array's bytes as a raw span: what readers take.
    package var rawBytes: RawSpan {
        @_lifetime(borrow self) get { span.rawBytes }
    }
}

extension String {
    /// The string's UTF-8 as a raw span: what readers take.
    package var rawBytes: RawSpan {
        @_lifetime(borrow self) get { utf8Span.span.rawBytes }
    }
}

extension String {
    /// The text of bytes that are well-formed UTF-8.
    init(copying bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension [UInt8] {
    mutating func append(copying bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
