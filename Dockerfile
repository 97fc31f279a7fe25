# syntax=docker/dockerfile:1
# docker build -t portal .        How to run it: README.md, "In a container".

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# Restored in a layer of its own, which holds as long as no project file changes.
COPY .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props global.json ./
COPY src/Portal/Portal.csproj src/Portal/
COPY src/Portal.Messaging/Portal.Messaging.csproj src/Portal.Messaging/
COPY src/Portal.Model/Portal.Model.csproj src/Portal.Model/
COPY src/Portal.Sandbox/Portal.Sandbox.csproj src/Portal.Sandbox/
COPY src/Portal.Stores/Portal.Stores.csproj src/Portal.Stores/
RUN dotnet restore src/Portal/Portal.csproj -a $TARGETARCH
COPY wwwroot/ wwwroot/
COPY src/ src/
RUN dotnet publish src/Portal/Portal.csproj -c Release -a $TARGETARCH --no-restore --self-contained false -p:UseAppHost=false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS final
LABEL org.opencontainers.image.title="Portal" \
      org.opencontainers.image.description="Dataflow endpoints for MQTT and Kafka: create, test, watch" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app ./
# The only place that is written to, /tmp aside: it belongs to the user below.
RUN install -d -o $APP_UID -g $APP_UID -m 0700 /data
# The base image would listen on port 8080 of every address; the portal's default is loopback.
ENV ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    Portal__DataDirectory=/data
VOLUME /data
EXPOSE 5080
USER $APP_UID
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["dotnet", "Portal.dll", "--health-check"]
ENTRYPOINT ["dotnet", "Portal.dll"]
