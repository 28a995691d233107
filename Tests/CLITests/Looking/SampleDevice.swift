import Diagnostics

@testable import hindcast

extension DeviceRow {
    /// A device as the view has it.
    static func sample(
        _ device: String = "pump-1", tenant: String = "plant", health: String = "healthy", registration: String = "provisioned",
        reasons: [String] = [], lastTelemetry: Timestamp? = nil
    ) -> DeviceRow {
        let time = Timestamp(microseconds: 1_780_315_200_000_000)
        return DeviceRow(
            tenant: tenant, device: device, templateID: nil, templateVersion: nil, registration: registration, connection: "connected",
            health: health,
            reasons: reasons, lastSeen: time, lastTelemetry: lastTelemetry, expectedInterval: 60, messages: 10, failed: 1, malformed: 0, since: time,
            score: 0, flaps: 0, repeated: 0, asOf: time, cause: nil)
    }
}
