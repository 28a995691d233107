import JSON
import Testing

@Suite struct RefusedStructureTests {
    static let commas: [Refused] = [
        Refused("[1,]", .trailingComma, at: 3), Refused("[1, ]", .trailingComma, at: 4), Refused("{\"a\":1,}", .trailingComma, at: 7),
        Refused("{\"a\":1 , }", .trailingComma, at: 9), Refused("[[1,],2]", .trailingComma, at: 4), Refused("{\"a\":[1,]}", .trailingComma, at: 8),
        Refused("[1,\n]", .trailingComma, at: 4), Refused("[1 2]", .missingComma, at: 3), Refused("[\"a\" \"b\"]", .missingComma, at: 5),
        Refused("[\"a\"\"b\"]", .missingComma, at: 4), Refused("[[][]]", .missingComma, at: 3), Refused("[{}{}]", .missingComma, at: 3),
        Refused("{\"a\":1 \"b\":2}", .missingComma, at: 7), Refused("{\"a\":{}\"b\":2}", .missingComma, at: 7),
        Refused("[1 true]", .missingComma, at: 3),
        Refused("[true null]", .missingComma, at: 6), Refused("[1 -1]", .missingComma, at: 3), Refused("{\"a\":1 b:2}", .missingComma, at: 7),
        Refused("{\"a\":1 'b':2}", .missingComma, at: 7), Refused("[\"a\"1]", .missingComma, at: 4), Refused("[1\"a\"]", .missingComma, at: 2),
        Refused("[1[2]]", .missingComma, at: 2), Refused("[\"a\"b]", .missingComma, at: 4), Refused("[{}x]", .missingComma, at: 3),
    ]

    static let values: [Refused] = [
        Refused("[,1]", .missingValue, at: 1), Refused("[,]", .missingValue, at: 1), Refused("[1,,2]", .missingValue, at: 3),
        Refused("[1,,]", .missingValue, at: 3), Refused("{\"a\":}", .missingValue, at: 5), Refused("{\"a\": }", .missingValue, at: 6),
        Refused("{\"a\":,\"b\":1}", .missingValue, at: 5), Refused("{,}", .missingValue, at: 1), Refused("{\"a\":1,,\"b\":2}", .missingValue, at: 7),
        Refused("{,\"a\":1}", .missingValue, at: 1), Refused("[[],,[]]", .missingValue, at: 4),
    ]

    static let keys: [Refused] = [
        Refused("{a:1}", .unquotedKey, at: 1), Refused("{ a:1}", .unquotedKey, at: 2), Refused("{_a:1}", .unquotedKey, at: 1),
        Refused("{$a:1}", .unquotedKey, at: 1), Refused("{1:1}", .unquotedKey, at: 1), Refused("{-1:1}", .unquotedKey, at: 1),
        Refused("{null:1}", .unquotedKey, at: 1), Refused("{\"a\":1,b:2}", .unquotedKey, at: 7), Refused("{.5:1}", .unquotedKey, at: 1),
        Refused("{\"a\" 1}", .missingColon, at: 5), Refused("{\"a\"}", .missingColon, at: 4), Refused("{\"a\",\"b\":1}", .missingColon, at: 4),
        Refused("{\"a\"=1}", .missingColon, at: 4), Refused("{\"a\" \"b\"}", .missingColon, at: 5), Refused("{\"a\"]", .missingColon, at: 4),
        Refused("{\"a\":1,\"b\"}", .missingColon, at: 10), Refused("{\"a\"{}}", .missingColon, at: 4), Refused("{:1}", .unexpectedCharacter, at: 1),
        Refused("{[1]:2}", .unexpectedCharacter, at: 1), Refused("{{}:2}", .unexpectedCharacter, at: 1),
        Refused("{\"a\"::1}", .unexpectedCharacter, at: 5),
        Refused("{\"a\":1:2}", .unexpectedCharacter, at: 6), Refused("{\"a\":1;}", .unexpectedCharacter, at: 6),
    ]

    static let brackets: [Refused] = [
        Refused("[}", .mismatchedBracket, at: 1), Refused("{]", .mismatchedBracket, at: 1), Refused("[1}", .mismatchedBracket, at: 2),
        Refused("{\"a\":1]", .mismatchedBracket, at: 6), Refused("[1,}", .mismatchedBracket, at: 3), Refused("{\"a\":]", .mismatchedBracket, at: 5),
        Refused("{\"a\":1,]", .mismatchedBracket, at: 7), Refused("[[1}]", .mismatchedBracket, at: 3),
        Refused("{\"a\":[1}}", .mismatchedBracket, at: 7),
        Refused("[{\"a\":1]]", .mismatchedBracket, at: 7), Refused("]", .unexpectedCharacter, at: 0), Refused("}", .unexpectedCharacter, at: 0),
        Refused("[]]", .unexpectedCharacter, at: 2), Refused("{}}", .unexpectedCharacter, at: 2), Refused("[[]]]", .unexpectedCharacter, at: 4),
        Refused("1]", .unexpectedCharacter, at: 1), Refused("[\"a\":1]", .unexpectedCharacter, at: 4), Refused("(1)", .unexpectedCharacter, at: 0),
        Refused("[:]", .unexpectedCharacter, at: 1),
    ]

    @Test(arguments: commas) func `commas too many or too few are named`(refused: Refused) { refused.check() }
    @Test(arguments: values) func `values that are missing are named`(refused: Refused) { refused.check() }
    @Test(arguments: keys) func `keys that are none are named`(refused: Refused) { refused.check() }
    @Test(arguments: brackets) func `brackets that do not fit are named`(refused: Refused) { refused.check() }
}
