using Portal.Components;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPortalUi();

var app = builder.Build();
app.MapPortalUi();
app.Run();

/// <summary>Named so that tests can start the whole host.</summary>
internal sealed partial class Program;
