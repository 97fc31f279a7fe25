cat > my-custom-kafka.json <<'EOF'
{
  "endpointType": "Kafka",
  "kafkaSettings": {
    "host": "kafka.example:9092",
    "authentication": {
      "method": "Sasl",
      "saslSettings": {
        "saslType": "ScramSha256",
        "secretRef": "sasl-secret"
      }
    },
    "tls": {
      "mode": "Enabled",
      "trustedCaCertificateConfigMapRef": "client-ca-configmap"
    },
    "consumerGroupId": "portal-line3",
    "compression": "Gzip",
    "batching": {
      "mode": "Enabled",
      "latencyMs": 20,
      "maxBytes": 500000,
      "maxMessages": 5000
    },
    "partitionStrategy": "Property",
    "kafkaAcks": "One",
    "copyMqttProperties": "Disabled",
    "cloudEventAttributes": "CreateOrRemap"
  }
}
EOF
az iot ops dataflow endpoint apply \
  --name my-custom-kafka \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --config-file my-custom-kafka.json

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic sasl-secret -n azure-iot-operations \
#   --from-literal=username='<USERNAME>' \
#   --from-literal=password='<PASSWORD>'

# Before that, the config map with the certificates of the trusted CA:
# kubectl create configmap client-ca-configmap --from-file=ca.crt -n azure-iot-operations

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-kafka.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-kafka.bicep
