az iot ops dataflow endpoint create eventhub \
  --name my-eventhub \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --eventhub-namespace my-namespace \
  --auth-type Sasl \
  --sasl-type Plain \
  --secret-name sasl-secret \
  --config-map-ref client-ca-configmap \
  --group-id portal-line3 \
  --compression Gzip \
  --latency 20 \
  --max-bytes 500000 \
  --message-count 5000 \
  --partition-strategy Topic \
  --acks One \
  --disable-broker-props-copy \
  --cloud-event-attribute CreateOrRemap

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic sasl-secret -n azure-iot-operations \
#   --from-literal=username='$ConnectionString' \
#   --from-literal=password='<CONNECTION_STRING>'

# Before that, the config map with the certificates of the trusted CA:
# kubectl create configmap client-ca-configmap --from-file=ca.crt -n azure-iot-operations

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-eventhub.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-eventhub.bicep
