/// A whole number of any size, to which only machine words are ever added: the exponent of a number in a hostile document.
struct JSONExponent {
    private enum Value {
        /// Any number of at most 18 digits, and no other.
        case small(Int)
        /// More than 18 digits, the lowest first, as values 0 to 9; the highest is not 0.
        case large(isNegative: Bool, digits: [UInt8])
    }

    private let value: Value

    /// Takes a number whose magnitude is below 10¹⁸: anything that counts bytes.
    init(_ value: Int) { self.value = .small(value) }

    private init(isNegative: Bool, digits: [UInt8]) {
        var digits = digits
        while digits.last == 0 { digits.removeLast() }
        if digits.count <= 18 {
            let magnitude = digits.reversed().reduce(0) { $0 * 10 + Int($1) }
            value = .small(isNegative ? -magnitude : magnitude)
        } else {
            value = .large(isNegative: isNegative, digits: digits)
        }
    }

    /// Takes the sign and digits from `start` to the end of the text.
    init(_ text: borrowing JSONBytes, from start: Int) {
        var position = start
        let sign = text[position]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
        var digits: [UInt8] = []
        for index in stride(from: text.count - 1, through: position, by: -1) { digits.append(text[index] - UInt8(ascii: "0")) }
        self.init(isNegative: sign == UInt8(ascii: "-"), digits: digits)
    }

    /// The number, if it has at most 18 digits.
    var small: Int? {
        if case .small(let value) = value { value } else { nil }
    }

    /// The sum with a number whose magnitude is below 10¹⁸.
    func adding(_ addend: Int) -> JSONExponent {
        switch value {
        case .small(let value):
            let sum = value + addend
            let digits = String(sum.magnitude).utf8.reversed().map { $0 - UInt8(ascii: "0") }
            return JSONExponent(isNegative: sum < 0, digits: digits)
        case .large(let isNegative, let digits):
            // The addend is smaller in magnitude, so the sign stays and a borrow always finds a digit to take from.
            return JSONExponent(isNegative: isNegative, digits: Self.add(isNegative ? -addend : addend, to: digits))
        }
    }

    private static func add(_ addend: Int, to digits: [UInt8]) -> [UInt8] {
        var result = digits
        var carry = addend
        var index = 0
        while carry != 0 {
            if index == result.count { result.append(0) }
            let sum = Int(result[index]) + carry
            let digit = ((sum % 10) + 10) % 10
            result[index] = UInt8(digit)
            carry = (sum - digit) / 10
            index += 1
        }
        return result
    }

    /// Appends the sign, always, and the digits.
    func append(to bytes: inout [UInt8]) {
        switch value {
        case .small(let value):
            bytes.append(UInt8(ascii: value < 0 ? "-" : "+"))
            bytes.append(contentsOf: String(value.magnitude).utf8)
        case .large(let isNegative, let digits):
            bytes.append(UInt8(ascii: isNegative ? "-" : "+"))
            bytes.append(contentsOf: digits.reversed().map { $0 + UInt8(ascii: "0") })
        }
    }
}
