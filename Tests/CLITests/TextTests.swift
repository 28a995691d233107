import Testing

@testable import hindcast

/// What is printed, and how names are read.
struct TextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""), ("", ""),
        ("\"\u{301}", "\"\"\"\u{301}\""), ("a\r\nb", "\"a\r\nb\""),
    ])
    func `a CSV field is quoted where it has to be`(field: String, expected: String) {
        #expect(CSVLine.text([field, "x"]) == "\(expected),x\r\n")
    }

    @Test func `columns align, and no line ends in blanks`() {
        var table = TextTable(("NAME", .left), ("COUNT", .right), ("END", .left))
        table.add("a", "10", "x")
        table.add("longer", "9", "")
        let lines = table.lines(Palette(isOn: false))
        #expect(lines == ["NAME    COUNT  END", "a          10  x", "longer      9  "].map { $0.trimmedAtEnd })
    }

    @Test func `colours come only where they are wanted`() {
        #expect(Palette(isOn: false).label("error") == "error")
        #expect(Palette(isOn: true).label("error") == "\u{1B}[31merror\u{1B}[0m")
    }

    @Test func `what a device chose cannot steer a terminal`() {
        #expect(PrintableText.of("a\u{1B}[2Jb\r\n") == "a\\u{1b}[2Jb\\u{d}\\u{a}")
        #expect(PrintableText.of("grün 🌡") == "grün 🌡")
    }

    @Test(arguments: [("pump-*", "pump-%"), ("a?c", "a_c"), ("50%_x\\", "50\\%\\_x\\\\")])
    func `a glob becomes a LIKE pattern that means the same`(glob: String, like: String) {
        #expect(DeviceGlob.like(glob) == like)
        #expect(DeviceGlob.like(nil) == "%")
    }

    @Test func `a template's name is split at its last @`() {
        #expect(TemplateName(argument: "dtmi:a;1@2")?.version == "2")
        #expect(TemplateName(argument: "dtmi:a;1@2")?.templateID == "dtmi:a;1")
        #expect(TemplateName(argument: "a@b@9f86d081")?.templateID == "a@b")
        #expect(TemplateName(argument: "dtmi:a;1")?.version == nil)
        #expect(TemplateName(argument: "") == nil)
    }

    @Test(arguments: [("ingest.batch-row", "ingest.batch-rows"), ("kafka.grop-id", "kafka.group-id"), ("postgres.ulr", "postgres.url")])
    func `the nearest name is found`(text: String, expected: String) {
        #expect(NearestName.of(text, among: SettingKey.all.map(\.name)) == expected)
    }

    @Test func `a name that is like none has no nearest one`() {
        #expect(NearestName.of("zzzzzzzz", among: ["postgres.url"]) == nil)
        #expect(NearestName.distance("ab", "ba") == 1)
        #expect(NearestName.distance("kitten", "sitting") == 3)
        #expect(NearestName.distance("", "abc") == 3)
    }
}

extension String {
    fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
