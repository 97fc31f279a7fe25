az iot ops dataflow endpoint create custom-kafka \
  --name my-custom-kafka \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname kafka.example \
  --port 9092 \
  --auth-type Sasl \
  --sasl-type ScramSha256 \
  --secret-name sasl-secret

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic sasl-secret -n azure-iot-operations \
#   --from-literal=username='<USERNAME>' \
#   --from-literal=password='<PASSWORD>'

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-kafka.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-kafka.bicep
