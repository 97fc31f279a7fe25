using System.IO.Compression;

namespace Portal.Tests.Api;

public sealed class ExportApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private async Task PutAsync(string name) => Assert.True((await portal.SendAsync(HttpMethod.Put, "endpoints/" + name, """
        {"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowEndpoint","metadata":{"name":"NAME"},"spec":{"endpointType":"Mqtt","mqttSettings":{"host":"10.20.4.17:1883","authentication":{"method":"Anonymous","anonymousSettings":{}},"tls":{"mode":"Disabled"}}}}
        """.Replace("NAME", name, StringComparison.Ordinal), "application/json")).Status < 300);

    [Theory]
    [InlineData("export?name=exp-a&name=exp-b", "application/yaml", "dataflow-endpoints.yaml", "---\napiVersion")]
    [InlineData("export?format=bicep&name=exp-a&name=exp-b", "text/plain", "dataflow-endpoints.bicep", "resource endpoint_exp_b 'Microsoft.IoTOperations/instances/dataflowEndpoints@")]
    [InlineData("export?format=arm&name=exp-a", "application/json", "exp-a.json", "\"[format('{0}/{1}', parameters('aioInstanceName'), 'exp-a')]\"")]
    [InlineData("export?format=bicep&kind=endpoints&kind=profiles", "text/plain", "dataflow-resources.bicep", "resource profile_default")]
    public async Task A_selection_is_one_file(string path, string mediaType, string fileName, string part)
    {
        await PutAsync("exp-a");
        await PutAsync("exp-b");
        var (status, body, answer) = await portal.SendAsync(HttpMethod.Get, path);
        Assert.Equal(200, status);
        Assert.Equal((mediaType, fileName), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotNull(body);
    }

    [Fact]
    public async Task A_file_each_comes_in_a_zip()
    {
        await PutAsync("exp-a");
        await PutAsync("exp-b");
        var (_, _, answer) = await portal.SendAsync(HttpMethod.Get, "export?files=each&name=exp-a&name=exp-b");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["dataflowendpoints/exp-a.yaml", "dataflowendpoints/exp-b.yaml"], zip.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [InlineData("export?format=az", 400)]
    [InlineData("export?kind=secrets", 400)]
    [InlineData("export?name=nobody", 404)]
    [InlineData("export?kind=dataflows", 404)]
    public async Task What_cannot_be_exported_is_said(string path, int expected)
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Get, path);
        Assert.Equal(expected, status);
        Assert.NotNull(body!["title"]);
    }
}
