/// What the scanner could have read on with when it stopped. With the position it is all that `JSONFault` needs to say why.
enum JSONExpectation: UInt8 {
    /// The root value.
    case document
    /// The end of the input, after the root value.
    case end
    /// A first element or the end of the array.
    case firstElement
    /// An element after a comma.
    case element
    /// The value of a member.
    case memberValue
    /// A first key or the end of the object.
    case firstKey
    /// A key after a comma.
    case key
    /// The colon after a key.
    case colon
    /// A comma or the end of the array.
    case arrayComma
    /// A comma or the end of the object.
    case objectComma
    /// A character of a string: not a control character.
    case character
    /// A well-formed UTF-8 sequence.
    case utf8
    /// The character after a backslash.
    case escape
    /// A hexadecimal digit of an escape.
    case hexadecimalDigit
    /// An escape that is no half of a surrogate pair, or both halves.
    case surrogatePair
    /// The first digit of a number after its minus sign.
    case integerDigit
    /// The first digit after a decimal point.
    case fractionDigit
    /// The first digit of an exponent, or its sign.
    case exponentDigit
    /// The next letter of `null`, `true` or `false`.
    case letter
    /// No deeper level.
    case depth
    /// A shorter document.
    case size
}
