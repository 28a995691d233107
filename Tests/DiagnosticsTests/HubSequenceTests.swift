import Diagnostics
import JSON
import Testing

struct HubSequenceTests {
    /// The sample of IoT Hub's documentation.
    private let sample = "000000000000000001D8713FF7E0851400000002000000000000000000000007"

    @Test func `64 hexadecimal digits are a number, of either case`() {
        #expect(HubSequence(sample.rawBytes)?.text == sample)
        #expect(HubSequence(sample.lowercased().rawBytes)?.text == sample)
        #expect(HubSequence(String(repeating: "F", count: 64).rawBytes)?.text == String(repeating: "F", count: 64))
    }

    @Test(arguments: ["", "7", "000000000000000001D8713FF7E085140000000200000000000000000000000G", String(repeating: "0", count: 65)])
    func `anything else is none`(text: String) {
        #expect(HubSequence(text.rawBytes) == nil)
    }

    @Test func `numbers sort as their texts do`() throws {
        var random = SeededRandom(seed: 5)
        let digits = Array("0123456789ABCDEF")
        for _ in 0..<500 {
            let texts = (0..<2).map { _ in
                let place = Int.random(in: 0..<64, using: &random)
                return String((0..<64).map { $0 < place ? "0" : digits[Int.random(in: 0..<16, using: &random)] })
            }
            let numbers = texts.compactMap { HubSequence($0.rawBytes) }
            try #require(numbers.count == 2)
            #expect((numbers[0] < numbers[1]) == (texts[0] < texts[1]))
            #expect((numbers[0] == numbers[1]) == (texts[0] == texts[1]))
            #expect(numbers[0].text == texts[0])
        }
    }
}
