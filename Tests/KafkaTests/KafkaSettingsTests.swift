import Kafka
import TestSupport
import Testing

@Suite struct KafkaSettingsTests {
    @Test func `an unknown property is refused by name`() {
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: ["no.such.property": "17"])
        let error = failure { () throws(KafkaError) in _ = try Consumer(settings, logger: TestBroker.quiet) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.description.contains("property no.such.property: it is unknown") == true)
        #expect(error?.description.contains("unknown to librdkafka \(KafkaLibrary.version)") == true)
    }

    @Test(arguments: [("fetch.wait.max.ms", "soon"), ("acks", "some"), ("security.protocol", "TLS"), ("session.timeout.ms", "0")])
    func `a bad value is refused with the property, the value and the reason`(key: String, value: String) {
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: [key: value])
        let error = failure { () throws(KafkaError) in _ = try Producer(settings, logger: TestBroker.quiet) }
        #expect(error?.description.contains("\(key)=\(value)") == true)
        #expect(error?.description.contains("Invalid value") == true || error?.description.contains("range") == true)
    }

    @Test func `a property that only makes sense with another is refused when the client is made`() {
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: ["acks": "1"])
        let error = failure { () throws(KafkaError) in _ = try Producer(settings, logger: TestBroker.quiet) }
        #expect(error?.description.contains("acks") == true)
    }

    @Test(arguments: [
        "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
        "sasl.oauthbearer.client.id", "SASL.Password",
    ])
    func `a secret is masked wherever settings are shown`(key: String) {
        let settings = KafkaSettings(bootstrapServers: "broker:9092", properties: [key: "hunter2", "client.id": "me"])
        var dumped = ""
        dump(settings, to: &dumped)
        for shown in ["\(settings)", String(reflecting: settings), "\([settings])", dumped] {
            #expect(!shown.contains("hunter2"))
            #expect(shown.contains("\(key)=***"))
            #expect(shown.contains("client.id=me"))
        }
    }

    @Test(arguments: ["no.such.password", "sasl.pasword", "sasl.jaas", "ssl.key.pemm"])
    func `a secret that is refused is not repeated in the error, however its property is spelled`(key: String) {
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: [key: "hunter2"])
        let error = failure { () throws(KafkaError) in _ = try Consumer(settings, logger: TestBroker.quiet) }
        #expect(error?.description.contains(key) == true)
        #expect(error?.description.contains("hunter") == false)
    }

    @Test func `ordinary properties are not masked`() {
        for key in ["sasl.username", "sasl.mechanism", "ssl.ca.location", "sasl.oauthbearer.method", "group.id"] {
            #expect(!KafkaSettings.isSecret(key))
        }
    }

    @Test func `the Event Hubs preset is taken by the client library`() throws {
        let settings = KafkaSettings.eventHubs(
            namespace: "fleet",
            connectionString: "Endpoint=sb://fleet.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=s3cret=;EntityPath=hub")
        #expect(settings.bootstrapServers == "fleet.servicebus.windows.net:9093")
        #expect(settings.properties["sasl.username"] == "$ConnectionString")
        #expect(settings.properties["sasl.password"] == "Endpoint=sb://fleet.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=s3cret=")
        #expect(!settings.description.contains("s3cret"))
        // Nothing connects until it is polled; an address of this machine keeps the test off the network.
        var local = settings
        local.bootstrapServers = "127.0.0.1:1"
        #expect(try Consumer(local, groupID: "g", logger: TestBroker.quiet).close() == .closed)
        #expect(try Producer(local, logger: TestBroker.quiet).close() == .closed)
    }

    @Test func `a preset property can be overridden, and a full host name is kept`() {
        let settings = KafkaSettings.eventHubs(namespace: "hub.example:443", connectionString: "x", properties: ["session.timeout.ms": "60000"])
        #expect(settings.bootstrapServers == "hub.example:443")
        #expect(settings.properties["session.timeout.ms"] == "60000")
        #expect(KafkaSettings.eventHubs(namespace: "hub.example", connectionString: "x").bootstrapServers == "hub.example:9093")
    }
}
