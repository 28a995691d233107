/// Why bytes are not JSON. The list is closed; the raw values are what findings, logs and error texts show, and they never change.
///
/// Clauses are of RFC 8259 unless another standard is named.
public enum JSONFaultReason: String, CaseIterable, Sendable {
    /// No byte at all, or white space only (§2 wants exactly one value).
    case empty = "empty"
    /// The bytes end inside a value; more bytes could have made them JSON.
    case truncated = "truncated"
    /// A UTF-8, UTF-16 or UTF-32 byte order mark before the document (§8.1).
    case byteOrderMark = "byte-order-mark"
    /// Bytes that are no well-formed UTF-8 (§8.1; Unicode, table 3-7): stray or missing continuation, overlong, surrogate, above U+10FFFF.
    case notUTF8 = "not-utf8"
    /// More arrays and objects open at once than `JSONLimits.maximumDepth` (§9).
    case tooDeep = "too-deep"
    /// More bytes than `JSONLimits.maximumBytes` (§9).
    case tooLarge = "too-large"
    /// A second value after the end of the first (§2), as in newline-delimited JSON.
    case twoDocuments = "two-documents"
    /// A comma with nothing but the closing bracket after it (§4, §5).
    case trailingComma = "trailing-comma"
    /// Two elements or members with no comma between them (§4, §5).
    case missingComma = "missing-comma"
    /// A key with no colon after it (§4).
    case missingColon = "missing-colon"
    /// A comma or closing bracket where an element, a member or a member's value has to stand (§4, §5).
    case missingValue = "missing-value"
    /// A `]` for a `{`, or a `}` for a `[` (§4, §5).
    case mismatchedBracket = "mismatched-bracket"
    /// A key without quotation marks (§4: a key is a string).
    case unquotedKey = "unquoted-key"
    /// A string in apostrophes (§7).
    case singleQuotes = "single-quotes"
    /// A comment: `//`, `/*` or `#` (§2 has none).
    case comment = "comment"
    /// NaN or an infinity in any spelling (§6 excludes them).
    case notANumber = "not-a-number"
    /// A zero before other digits of an integer part (§6).
    case leadingZero = "leading-zero"
    /// Any other fault in a number (§6): `+1`, `.5`, `1.`, `1e`, `0x1F`, `1_000`, `-x`.
    case badNumber = "bad-number"
    /// A bare word that is not `null`, `true` or `false` in lower case (§3).
    case unknownWord = "unknown-word"
    /// A character below U+0020 in a string without an escape (§7), such as a line break.
    case controlCharacter = "control-character"
    /// A backslash before something that is no escape, or `\u` without four hexadecimal digits (§7).
    case badEscape = "bad-escape"
    /// A `\u` escape of half a surrogate pair (§8.2: the grammar allows it, the text cannot be represented).
    case loneSurrogate = "lone-surrogate"
    /// Any other character that cannot stand where it stands.
    case unexpectedCharacter = "unexpected-character"
}
