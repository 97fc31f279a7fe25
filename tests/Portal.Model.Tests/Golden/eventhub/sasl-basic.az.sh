az iot ops dataflow endpoint create eventhub \
  --name my-eventhub \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --eventhub-namespace my-namespace \
  --auth-type Sasl \
  --sasl-type Plain \
  --secret-name sasl-secret

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic sasl-secret -n azure-iot-operations \
#   --from-literal=username='$ConnectionString' \
#   --from-literal=password='<CONNECTION_STRING>'

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-eventhub.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-eventhub.bicep
