using System.Text.Json.Nodes;

namespace Portal.Tests.Api;

public sealed class OpenApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("get", "/api/v1/endpoints")]
    [InlineData("get", "/api/v1/endpoints/{name}", "format")]
    [InlineData("put", "/api/v1/endpoints/{name}", "dryRun", "takeOver")]
    [InlineData("delete", "/api/v1/endpoints/{name}", "force")]
    [InlineData("post", "/api/v1/endpoints/{name}/test", "topic", "read", "write", "roundTrip", "timeLimitSeconds", "flowHost", "full")]
    [InlineData("post", "/api/v1/test", "topic", "read", "write", "roundTrip", "timeLimitSeconds", "flowHost", "full")]
    [InlineData("get", "/api/v1/endpoints/{name}/messages", "topic", "filter", "start", "from", "offset")]
    [InlineData("get", "/api/v1/secrets")]
    [InlineData("put", "/api/v1/secrets/{name}")]
    [InlineData("get", "/api/v1/configmaps/{name}")]
    [InlineData("put", "/api/v1/configmaps/{name}")]
    [InlineData("get", "/api/v1/endpoints/{name}/roles")]
    [InlineData("get", "/api/v1/targets/{name}/instances", "resourceGroup")]
    [InlineData("get", "/api/v1/profiles")]
    [InlineData("get", "/api/v1/dataflows")]
    public async Task A_call_is_described_with_its_query(string method, string path, params string[] query)
    {
        var document = JsonNode.Parse(await portal.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var call = document["paths"]![path]?[method];
        Assert.NotNull(call);
        var parameters = call["parameters"]?.AsArray() ?? [];
        Assert.Equal(query, parameters.Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string?)parameter!["name"]));
    }
}
