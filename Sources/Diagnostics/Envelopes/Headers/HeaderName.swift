/// The headers that decoders read, and what their values are expected to be.
///
/// Azure's names are those of IoT Hub's and Event Hubs' documentation, `ce_…` those of the CloudEvents Kafka binding (§3.2), the rest Eclipse Hono's
/// northbound API for Kafka. The raw value is a place in `RecordHeaders`, nothing that is stored.
package enum HeaderName: UInt8, CaseIterable, Sendable {
    case contentType, contentEncoding, messageID, creationTime
    case iotCentralDeviceID, iotCentralApplicationID, iotCentralMessageSource, iotCentralMessageType
    case connectionDeviceID, connectionModuleID, generationID, enqueuedTime, hubMessageSource, hubMessageSchema, interfaceName
    case deviceClock, batchedDeviceClock, dataSchema, subject, operation, operationTime, deviceID, moduleID, brokerEnqueuedTime
    case cloudID, cloudSource, cloudType, cloudSpecVersion, cloudSubject, cloudTime, cloudDataSchema, cloudSequence
    case cloudTenant, cloudModule, cloudComponent, cloudGeneration, cloudDeviceTime, cloudExpiryTime
    case honoDeviceID, honoTenantID, honoAdapter, honoAddress, honoTimeUntilDisconnect, honoTimeToLive, honoQualityOfService
    case honoRegistrationStatus, honoGatewayID, honoStatus, honoCorrelationID

    /// What a value is expected to be, which settles the encodings that could be AMQP as well as text.
    package enum Expectation: Sendable {
        /// Text, UTF-8 or AMQP's.
        case text
        /// A number, AMQP's or digits.
        case integer
        /// A time, AMQP's or RFC 3339.
        case timestamp
    }

    /// What values of this header are expected to be.
    package var expectation: Expectation {
        switch self {
        case .enqueuedTime, .brokerEnqueuedTime, .deviceClock, .batchedDeviceClock, .operationTime, .cloudTime, .cloudDeviceTime, .cloudExpiryTime:
            .timestamp
        case .creationTime, .honoTimeUntilDisconnect, .honoTimeToLive, .honoQualityOfService, .honoStatus: .integer
        default: .text
        }
    }

    /// The name on the wire. Names are case-sensitive.
    package var text: StaticString {
        switch self {
        case .contentType: "content-type"
        case .contentEncoding: "content-encoding"
        case .messageID: "message-id"
        case .creationTime: "creation-time"
        case .iotCentralDeviceID: "iotcentral-device-id"
        case .iotCentralApplicationID: "iotcentral-application-id"
        case .iotCentralMessageSource: "iotcentral-message-source"
        case .iotCentralMessageType: "iotcentral-message-type"
        case .connectionDeviceID: "iothub-connection-device-id"
        case .connectionModuleID: "iothub-connection-module-id"
        case .generationID: "iothub-connection-auth-generation-id"
        case .enqueuedTime: "iothub-enqueuedtime"
        case .hubMessageSource: "iothub-message-source"
        case .hubMessageSchema: "iothub-message-schema"
        case .interfaceName: "iothub-interface-name"
        case .deviceClock: "iothub-creation-time-utc"
        case .batchedDeviceClock: "iothub-app-iothub-creation-time-utc"
        case .dataSchema: "dt-dataschema"
        case .subject: "dt-subject"
        case .operation: "opType"
        case .operationTime: "operationTimestamp"
        case .deviceID: "deviceId"
        case .moduleID: "moduleId"
        case .brokerEnqueuedTime: "x-opt-enqueued-time"
        case .cloudID: "ce_id"
        case .cloudSource: "ce_source"
        case .cloudType: "ce_type"
        case .cloudSpecVersion: "ce_specversion"
        case .cloudSubject: "ce_subject"
        case .cloudTime: "ce_time"
        case .cloudDataSchema: "ce_dataschema"
        case .cloudSequence: "ce_sequence"
        case .cloudTenant: "ce_tenant"
        case .cloudModule: "ce_module"
        case .cloudComponent: "ce_component"
        case .cloudGeneration: "ce_generation"
        case .cloudDeviceTime: "ce_devicetime"
        case .cloudExpiryTime: "ce_expirytime"
        case .honoDeviceID: "device_id"
        case .honoTenantID: "tenant_id"
        case .honoAdapter: "orig_adapter"
        case .honoAddress: "orig_address"
        case .honoTimeUntilDisconnect: "ttd"
        case .honoTimeToLive: "ttl"
        case .honoQualityOfService: "qos"
        case .honoRegistrationStatus: "hono_registration_status"
        case .honoGatewayID: "gateway_id"
        case .honoStatus: "status"
        case .honoCorrelationID: "correlation-id"
        }
    }

    /// Names of each length, so that a header is compared with few of them.
    static let byLength: [[(text: StaticString, name: HeaderName)]] = {
        var lists = Array(repeating: [(text: StaticString, name: HeaderName)](), count: 40)
        for name in allCases { lists[name.text.utf8CodeUnitCount].append((name.text, name)) }
        return lists
    }()
}
