namespace Portal.Model.Endpoints;

// The member names are the wire values of Microsoft.IoTOperations 2024-11-01, so that name and text never drift.

/// <summary>Whether an optional feature of an endpoint is on. Wire values <c>Enabled</c> and <c>Disabled</c>.</summary>
public enum OperationalMode { Enabled, Disabled }

/// <summary>Compression of the record batches that a Kafka destination sends.</summary>
public enum KafkaCompression { None, Gzip, Snappy, Lz4 }

/// <summary>How a Kafka destination chooses the partition of a message.</summary>
public enum PartitionStrategy { Default, Static, Topic, Property }

/// <summary>Acknowledgements that a Kafka destination waits for: Zero = none, One = the leader, All = the in-sync replicas.</summary>
public enum KafkaAcks { Zero, One, All }

/// <summary>SASL mechanism of a Kafka connection: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.</summary>
public enum SaslType { Plain, ScramSha256, ScramSha512 }

/// <summary>Transport of an MQTT connection: MQTT over TCP, or MQTT in WebSocket frames.</summary>
public enum MqttProtocol { Mqtt, WebSockets }

/// <summary>Whether the retain flag is kept on messages from MQTT to MQTT.</summary>
public enum RetainPolicy { Keep, Never }

/// <summary>What happens to CloudEvents attributes of a message.</summary>
public enum CloudEventAttributes { Propagate, CreateOrRemap }

/// <summary>The protocol family of an endpoint.</summary>
public enum Wire { Kafka, Mqtt }
