cat > my-custom-kafka.json <<'EOF'
{
  "endpointType": "Kafka",
  "kafkaSettings": {
    "host": "kafka.example:9092",
    "authentication": {
      "method": "X509Certificate",
      "x509CertificateSettings": {
        "secretRef": "client-certificate"
      }
    },
    "tls": {
      "mode": "Enabled"
    }
  }
}
EOF
az iot ops dataflow endpoint apply \
  --name my-custom-kafka \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --config-file my-custom-kafka.json

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic client-certificate -n azure-iot-operations \
#   --from-file=client_cert.pem=client_cert.pem \
#   --from-file=client_key.pem=client_key.pem
# Optional: --from-file=client_intermediate_certs.pem=client_intermediate_certs.pem

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-kafka.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-kafka.bicep
