az iot ops dataflow endpoint create custom-mqtt \
  --name my-custom-mqtt \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname broker.example \
  --port 8883 \
  --auth-type X509Certificate \
  --secret-name client-certificate \
  --config-map-ref client-ca-configmap \
  --client-id-prefix line3 \
  --qos 0 \
  --retain Never \
  --session-expiry 1800 \
  --protocol WebSockets \
  --max-inflight-msg 50 \
  --keep-alive 30 \
  --cloud-event-attribute CreateOrRemap

# Before that, the secret that the endpoint names, where none is synced from a vault:
# kubectl create secret generic client-certificate -n azure-iot-operations \
#   --from-file=client_cert.pem=client_cert.pem \
#   --from-file=client_key.pem=client_key.pem
# Optional: --from-file=client_intermediate_certs.pem=client_intermediate_certs.pem

# Before that, the config map with the certificates of the trusted CA:
# kubectl create configmap client-ca-configmap --from-file=ca.crt -n azure-iot-operations

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-mqtt.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-mqtt.bicep
