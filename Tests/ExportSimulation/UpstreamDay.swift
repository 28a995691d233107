package import Diagnostics
import Simulation

/// A day of a fleet, upstream of all exports: telemetry every 5 to 15 minutes, properties, connections and lifecycle now and then, devices that fall
/// silent, and bursts of messages that are not JSON.
package struct UpstreamDay: Sendable {
    /// How many partitions the log's topic has.
    package static let partitions: Int32 = 4
    /// What it is a day of.
    package let scale: DayScale
    /// The fleet.
    package let devices: [UpstreamDevice]
    /// Every message, by time; in each partition in the same order.
    package private(set) var messages: [UpstreamMessage]

    /// Makes the day.
    ///
    /// - Parameters:
    ///   - scale: how large it is.
    ///   - bursts: when devices send what is not JSON, a dozen messages within a minute each time.
    package init(_ scale: DayScale, malformedBursts bursts: [Timestamp]) {
        self.scale = scale
        devices = (0..<scale.devices).map { UpstreamDevice(index: $0, isSimulated: $0 % 10 == 9) }
        messages = []
        for device in devices { addScript(of: device) }
        // Devices whose telemetry a hub carries, so that who sent what is known although the body is no JSON.
        let senders = devices.filter { $0.index % 3 == 0 && !$0.isSimulated }
        for (number, burst) in bursts.enumerated() {
            for step in 0..<12 {
                let device = senders[(number * 31 + step * 2) % senders.count]
                messages.append(
                    UpstreamMessage(
                        device: device, time: burst.after(milliseconds: Int64(step) * 5000 + 1), content: .malformed("{\"temperature\":21.")))
            }
        }
        messages.sort { ($0.time, $0.device.index) < ($1.time, $1.device.index) }
        var next = [Int64](repeating: 0, count: Int(Self.partitions))
        for place in messages.indices {
            let partition = messages[place].device.index % Int(Self.partitions)
            messages[place].partition = Int32(partition)
            messages[place].offset = next[partition]
            next[partition] += 1
        }
    }

    // MARK: -

    private mutating func addScript(of device: UpstreamDevice) {
        var numbers = SeededNumbers(seed: scale.seed, UInt64(device.index))
        add(.registered, of: device, at: Int64(device.index) * 50 + 1000)
        // One in fifty falls silent in the middle of the day, which is no gap of any export.
        let day = Int64(scale.hours) * 3_600_000
        let end = device.index % 50 == 17 ? day / 2 : day
        let interval = Int64.random(in: 300_000...900_000, using: &numbers)
        for time in steps(every: interval, to: end, &numbers) { add(telemetry(of: device, &numbers), of: device, at: time) }
        for time in steps(every: 3_600_000, to: end, &numbers) {
            add(.property(name: "firmware", value: "\"4.\(Int.random(in: 0...9, using: &numbers))\""), of: device, at: time)
        }
        var isConnected = true
        for time in steps(every: 3_600_000, to: end, &numbers) {
            add(.connection(isConnected: isConnected), of: device, at: time)
            isConnected.toggle()
        }
        for time in steps(every: 3_600_000, to: end, &numbers) {
            add(.renamed("Pump \(Int.random(in: 1...999, using: &numbers))"), of: device, at: time)
        }
    }

    private func telemetry(of device: UpstreamDevice, _ numbers: inout SeededNumbers) -> UpstreamMessage.Content {
        let hundredths = Int.random(in: 1000...3999, using: &numbers)
        let fraction = hundredths % 100
        if Int.random(in: 0..<4, using: &numbers) == 0 {
            return .telemetry(values: "{\"speed\":\(hundredths)}", component: "motor", temperature: nil)
        }
        let text = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
        let values = "{\"temperature\":\(text),\"open\":\(Bool.random(using: &numbers))}"
        return .telemetry(values: values, component: nil, temperature: Double(hundredths) / 100)
    }

    /// Times, a random while after each other of which `interval` is the mean, from a random place of the first on.
    private func steps(every interval: Int64, to end: Int64, _ numbers: inout SeededNumbers) -> [Int64] {
        var times: [Int64] = []
        var time = 120_000 + Int64.random(in: 0..<interval, using: &numbers)
        while time < end {
            times.append(time)
            time += Int64.random(in: interval * 3 / 4...interval * 5 / 4, using: &numbers)
        }
        return times
    }

    private mutating func add(_ content: UpstreamMessage.Content, of device: UpstreamDevice, at milliseconds: Int64) {
        messages.append(UpstreamMessage(device: device, time: scale.start.after(milliseconds: milliseconds), content: content))
    }
}
