/// The bytes of a file as UTF-8 without a byte order mark: exports of device templates come in UTF-8 with and without the mark, and in UTF-16.
package enum SourceText {
    /// The text of a file.
    ///
    /// - Throws: `TemplateError` with the code `encoding` where a byte order mark promises UTF-16 and none follows.
    package static func utf8(_ bytes: [UInt8]) throws(TemplateError) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try transcode(bytes, littleEndian: true) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try transcode(bytes, littleEndian: false) }
        return bytes
    }

    private static func transcode(_ bytes: [UInt8], littleEndian: Bool) throws(TemplateError) -> [UInt8] {
        guard bytes.count.isMultiple(of: 2) else {
            throw TemplateError(
                code: .encoding,
                description: "The template starts with a UTF-16 byte order mark but has an odd number of bytes, \(bytes.count); save it as UTF-8.")
        }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 2, to: bytes.count, by: 2) {
            let low = UInt16(bytes[littleEndian ? index : index + 1])
            let high = UInt16(bytes[littleEndian ? index + 1 : index])
            units.append(high << 8 | low)
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw TemplateError(
                code: .encoding, description: "The template starts with a UTF-16 byte order mark but is not UTF-16 text; save it as UTF-8.")
        }
        return Array(text.utf8)
    }
}
