/// Takes what is secret out of a text, and leaves the rest.
enum SecretText {
    /// A text of any sort: connection strings, URLs, `name=value` and `Name: value` of secret names, credentials of HTTP, and what looks like a key.
    static func masked(_ text: String) -> String {
        if text.contains(";"), ConnectionString.parts(of: text).contains(where: { SecretName.isSecret($0.name) || endsInSecret($0.name) }) {
            return ConnectionString.masked(text)
        }
        let words = maskedNamed(maskedURLs(text))
        return maskedKeys(words)
    }

    /// A text where a name or an address belongs. A name is kept even where it is as long and as mixed as a key.
    static func maskedName(_ text: String) -> String {
        let isName = text.utf8.count <= 256 && text.utf8.allSatisfy { isWord($0) || [0x2E, 0x2F, 0x24, 0x40].contains($0) }
        return isName ? text : masked(text)
    }

    /// Whether the last word of a text is a secret's name: in `refused: SharedAccessKey` it is.
    private static func endsInSecret(_ name: String) -> Bool {
        SecretName.isSecret(String(name.reversed().prefix { $0.utf8.allSatisfy(isWord) }.reversed()))
    }

    // MARK: - URLs

    private static func maskedURLs(_ text: String) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var position = 0
        while let start = source.firstIndex(of: Array("://".utf8), from: position) {
            bytes += source[position..<start + 3]
            let end = source[(start + 3)...].firstIndex { isSpace($0) || [0x22, 0x27, 0x3B, 0x3C, 0x3E, 0x60].contains($0) } ?? source.count
            bytes += maskedAddress(source[(start + 3)..<end])
            position = end
        }
        bytes += source[position...]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What follows a scheme: user, values of the query, the fragment and parts of the path that look like keys go.
    private static func maskedAddress(_ address: ArraySlice<UInt8>) -> [UInt8] {
        let mark = Array(ExportMask.mark.utf8)
        let authorityEnd = address.firstIndex { [0x2F, 0x3F, 0x23].contains($0) } ?? address.endIndex
        let pathEnd = address[authorityEnd...].firstIndex { [0x3F, 0x23].contains($0) } ?? address.endIndex
        var masked: [UInt8] = []
        // A password with a slash or a question mark in it ends the authority too early: the last @ of all ends the user.
        if let at = address[..<pathEnd].lastIndex(of: 0x40) ?? address.lastIndex(of: 0x40) {
            masked += mark + maskedAddress(address[address.index(after: at)...]).prefixed(by: 0x40)
            return masked
        }
        masked += address[address.startIndex..<authorityEnd]
        for (index, part) in address[authorityEnd..<pathEnd].split(separator: 0x2F, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { masked.append(0x2F) }
            masked += isLikeKey(part, from: 20) ? mark : Array(part)
        }
        guard pathEnd < address.endIndex else { return masked }
        let fragment = address[pathEnd...].firstIndex(of: 0x23)
        if address[pathEnd] == 0x3F {
            let query = address[(pathEnd + 1)..<(fragment ?? address.endIndex)]
            for (index, pair) in query.split(separator: 0x26, omittingEmptySubsequences: false).enumerated() {
                masked.append(index == 0 ? 0x3F : 0x26)
                if let equals = pair.firstIndex(of: 0x3D) { masked += pair[...equals] }
                masked += mark
            }
        }
        if fragment != nil { masked += [0x23] + mark }
        return masked
    }

    // MARK: - Names and their values

    private static func maskedNamed(_ text: String) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var word: [UInt8] = []
        var position = 0
        while position < source.count {
            let byte = source[position]
            position += 1
            bytes.append(byte)
            if isWord(byte) {
                word.append(byte)
                continue
            }
            let name = String(decoding: word, as: UTF8.self)
            if byte == 0x3D || byte == 0x3A, SecretName.isSecret(name) {
                position = skipValue(of: source, from: position, to: &bytes)
                word = []
            } else if isSpace(byte), credentials.contains(SecretName.normalized(name)) {
                position = skipValue(of: source, from: position, to: &bytes)
                word = []
            } else if !isFiller(byte) || position == source.count || !(isFiller(source[position]) || [0x3A, 0x3D].contains(source[position])) {
                word = []
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What may stand between a name and its sign: quotation marks, spaces, backslashes.
    private static func isFiller(_ byte: UInt8) -> Bool { [0x20, 0x22, 0x27, 0x5C].contains(byte) }

    /// Schemes of HTTP's `Authorization` that a credential follows.
    private static let credentials: Set<String> = ["bearer", "basic", "sharedaccesssignature", "sharedkey", "digest", "apikey"]

    /// Puts the mark in the place of a value and says where the text goes on.
    private static func skipValue(of source: [UInt8], from start: Int, to bytes: inout [UInt8]) -> Int {
        var position = start
        while position < source.count, isSpace(source[position]) || [0x22, 0x27, 0x5C, 0x3D, 0x3A].contains(source[position]) {
            bytes.append(source[position])
            position += 1
        }
        var end = valueEnd(of: source, from: position)
        let first = SecretName.normalized(String(decoding: source[position..<end], as: UTF8.self))
        while credentials.contains(first), end < source.count, isSpace(source[end]) { end += 1 }
        if credentials.contains(first) { end = source[end...].firstIndex { [0x22, 0x27].contains($0) } ?? source.count }
        if end > position { bytes += Array(ExportMask.mark.utf8) }
        return end
    }

    private static func valueEnd(of source: [UInt8], from start: Int) -> Int {
        source[start...].firstIndex { isSpace($0) || [0x22, 0x27, 0x26, 0x3B, 0x3C, 0x3E].contains($0) } ?? source.count
    }

    // MARK: - Keys

    /// Runs of base64, hexadecimal digits and the like, too long and too mixed for a name.
    private static func maskedKeys(_ text: String) -> String {
        var bytes: [UInt8] = []
        var run: [UInt8] = []
        for byte in text.utf8 {
            if isWord(byte) || byte == 0x2B || byte == 0x2F || byte == 0x3D {
                run.append(byte)
            } else {
                bytes += isLikeKey(run[...], from: 32) ? Array(ExportMask.mark.utf8) : run
                run = []
                bytes.append(byte)
            }
        }
        bytes += isLikeKey(run[...], from: 32) ? Array(ExportMask.mark.utf8) : run
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLikeKey(_ run: ArraySlice<UInt8>, from length: Int) -> Bool {
        guard run.count >= length, run.contains(where: isDigit), run.contains(where: { isUpper($0) || isLower($0) }), !isUUID(run) else {
            return false
        }
        if run.contains(where: isUpper) && run.contains(where: isLower) { return true }
        return run.last == 0x3D || run.allSatisfy { isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
    }

    private static func isUUID(_ run: ArraySlice<UInt8>) -> Bool {
        run.count == 36
            && run.enumerated().allSatisfy { place, byte in
                [8, 13, 18, 23].contains(place) ? byte == 0x2D : isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isUpper(byte) || isLower(byte) || byte == 0x2D || byte == 0x5F }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension [UInt8] {
    fileprivate func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
        guard count >= pattern.count else { return nil }
        var position = start
        while position + pattern.count <= count {
            if self[position..<position + pattern.count].elementsEqual(pattern) { return position }
            position += 1
        }
        return nil
    }

    fileprivate func prefixed(by byte: UInt8) -> [UInt8] { [byte] + self }
}
