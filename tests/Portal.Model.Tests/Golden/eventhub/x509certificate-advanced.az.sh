cat > my-eventhub.json <<'EOF'
{
  "endpointType": "Kafka",
  "kafkaSettings": {
    "host": "my-namespace.servicebus.windows.net:9093",
    "authentication": {
      "method": "X509Certificate",
      "x509CertificateSettings": {
        "secretRef": "client-certificate"
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
    "partitionStrategy": "Topic",
    "kafkaAcks": "One",
    "copyMqttProperties": "Disabled",
    "cloudEventAttributes": "CreateOrRemap"
  }
}
EOF
az iot ops dataflow endpoint apply \
  --name my-eventhub \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --config-file my-eventhub.json

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic client-certificate -n azure-iot-operations \
#   --from-file=client_cert.pem=client_cert.pem \
#   --from-file=client_key.pem=client_key.pem
# Optional: --from-file=client_intermediate_certs.pem=client_intermediate_certs.pem

# Before that, the config map with the certificates of the trusted CA:
# kubectl create configmap client-ca-configmap --from-file=ca.crt -n azure-iot-operations

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-eventhub.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-eventhub.bicep
