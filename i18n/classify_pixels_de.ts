<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>ClassifyPixels</name>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>{error} ({count} tries)</source>
      <translation>{error} ({count} Versuche)</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it redirects to an insecure protocol</source>
      <translation>sie leitet auf ein unsicheres Protokoll um</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it redirects too often</source>
      <translation>sie leitet zu oft um</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>its response is larger than {size} MB</source>
      <translation>die Antwort ist größer als {size} MB</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>the authentication configuration {authcfg} cannot be used</source>
      <translation>die Authentifizierungskonfiguration {authcfg} ist nicht verwendbar</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it is not an HTTP address</source>
      <translation>es ist keine HTTP-Adresse</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>its response is not JSON</source>
      <translation>die Antwort ist kein JSON</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/stac_catalog.py" />
      <source>its response is not a JSON object</source>
      <translation>die Antwort ist kein JSON-Objekt</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/stac_catalog.py" />
      <source>it is not a file</source>
      <translation>es ist keine Datei</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>its response is not a list of models</source>
      <translation>ihre Antwort ist keine Liste von Modellen</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>it is neither a host nor a repository</source>
      <translation>sie ist weder ein Server noch ein Repository</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>its response is not a model</source>
      <translation>ihre Antwort ist kein Modell</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>It has no file of these kinds: .dlpk, .emd, ONNX, PyTorch or TensorFlow Lite.</source>
      <translation>Es hat keine Datei dieser Arten: .dlpk, .emd, ONNX, PyTorch oder TensorFlow Lite.</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/repositories.py" />
      <source>Its owner grants access on request: sign in with an account that has it.</source>
      <translation>Der Eigentümer gewährt Zugriff auf Anfrage: Melden Sie sich mit einem Konto an, das ihn hat.</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/saved_catalogs.py" />
      <source>it is not {{"catalogs": [{{"name", "kind", "address"}}, …]}}</source>
      <translation>sie ist nicht {{"catalogs": [{{"name", "kind", "address"}}, …]}}</translation>
    </message>
    <message>
      <location filename="../plugin_support/model_catalogs/stac_catalog.py" />
      <source>Its weights are neither at an HTTP address nor in a local file.</source>
      <translation>Seine Gewichte liegen weder an einer HTTP-Adresse noch in einer lokalen Datei.</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/arcgis_map.py" />
      <source>its description of tiles is invalid</source>
      <translation>seine Beschreibung der Kacheln ist ungültig</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/capabilities.py" />
      <source>its tiles have a less secure address than the service</source>
      <translation>die Adresse seiner Kacheln ist weniger sicher als die des Dienstes</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/capabilities.py" />
      <source>its response is not a capabilities document</source>
      <translation>die Antwort ist kein Capabilities-Dokument</translation>
    </message>
    <message>
      <location filename="../inference/run/esri_context.py" />
      <source>it is not JSON ({error})</source>
      <translation>das ist kein JSON ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it is not a JSON object of text values</source>
      <translation>es ist kein JSON-Objekt mit Textwerten</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/interpreter.py" />
      <source>the file does not exist</source>
      <translation>die Datei existiert nicht</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>its response contains no features</source>
      <translation>die Antwort enthält keine Objekte</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>it returns a feature twice or without an object ID</source>
      <translation>der Dienst liefert ein Objekt zweimal oder ohne Objekt-ID</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>it announces more features but does not return them</source>
      <translation>der Dienst kündigt weitere Objekte an, liefert sie aber nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/rasters.py" />
      <source>the layer {layer} has no polygons</source>
      <translation>der Layer {layer} hat keine Polygone</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>the CRS {crs} of {layer} is unknown</source>
      <translation>das KBS {crs} von {layer} ist unbekannt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>{service} has {count} layers; add a layer number to its address</source>
      <translation>{service} hat {count} Layer; hängen Sie die Nummer eines Layers an die Adresse an</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>the layer {layer} returns geometries without rings</source>
      <translation>der Layer {layer} liefert Geometrien ohne Ringe</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>the polygons of {layer} cannot be read ({error})</source>
      <translation>die Polygone von {layer} können nicht gelesen werden ({error})</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/feature_layer.py" />
      <source>some polygons of {layer} cannot be read</source>
      <translation>einige Polygone von {layer} können nicht gelesen werden</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_request.py" />
      <source>it is not valid</source>
      <translation>er ist ungültig</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <source>layers of the provider {provider} are read by QGIS</source>
      <translation>Layer des Datenanbieters {provider} werden von QGIS gelesen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <source>the response of its server cannot be used; see QGIS's log</source>
      <translation>die Antwort seines Servers ist unbrauchbar; siehe das Protokoll von QGIS</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <location filename="../inference/runtimes/worker/client.py" />
      <source>it did not respond within {seconds} seconds</source>
      <translation>innerhalb von {seconds} Sekunden kam keine Antwort</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <source>it returned no pixels</source>
      <translation>es kamen keine Pixel</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/mbtiles.py" />
      <source>it is not an MBTiles file</source>
      <translation>es ist keine MBTiles-Datei</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portable.py" />
      <source>its images are requested by QGIS</source>
      <translation>seine Bilder werden von QGIS angefordert</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portable.py" />
      <source>its address contains a key or a password, which would be written into the file of the job</source>
      <translation>seine Adresse enthält einen Schlüssel oder ein Passwort, die in die Auftragsdatei geschrieben würden</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portable.py" />
      <source>its sign-in is known to QGIS only; set {variable} on all machines</source>
      <translation>seine Anmeldung kennt nur QGIS; setzen Sie {variable} auf allen Rechnern</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portal.py" />
      <source>its id has characters other than letters, digits, - and _</source>
      <translation>seine ID enthält andere Zeichen als Buchstaben, Ziffern, - und _</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portal.py" />
      <source>{portal} declares no type for it</source>
      <translation>{portal} nennt keinen Typ dafür</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is empty</source>
      <translation>nichts ist angegeben</translation>
    </message>
    <message>
      <location filename="../inference/run/esri_context.py" />
      <source>it has the key {key} twice</source>
      <translation>sie enthält den Schlüssel {key} zweimal</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/references.py" />
      <source>none of its keys ({names}) identifies a raster or model</source>
      <translation>keiner seiner Schlüssel ({names}) bezeichnet ein Raster oder Modell</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/resolve.py" />
      <source>a feature service has no pixels</source>
      <translation>ein Feature-Dienst hat keine Pixel</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/resolve.py" />
      <source>it is a {kind}, not an image service or a file</source>
      <translation>es ist ein {kind}, weder ein Bilddienst noch eine Datei</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rasters.py" />
      <source>its catalog has no raster</source>
      <translation>sein Katalog enthält kein Raster</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rasters.py" />
      <source>it does not support requests for single rasters (it lacks the capability Catalog or the mosaic method LockRaster)</source>
      <translation>er erlaubt keine Abfrage einzelner Raster (ihm fehlt die Fähigkeit Catalog oder die Mosaikmethode LockRaster)</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rasters.py" />
      <source>its catalog has no raster {number}</source>
      <translation>sein Katalog enthält kein Raster {number}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>{text} is not a list of numbers</source>
      <translation>{text} ist keine Liste von Zahlen</translation>
    </message>
    <message>
      <location filename="../inference/models/hugging_face.py" />
      <source>it is not a JSON object</source>
      <translation>er ist kein JSON-Objekt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_refusal.py" />
      <source>it responded: {text}</source>
      <translation>die Antwort lautet: {text}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its pixel type {type} cannot be read</source>
      <translation>sein Pixeltyp {type} kann nicht gelesen werden</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it is not an image service: it has no extent</source>
      <translation>es ist kein Bilddienst: die Ausdehnung fehlt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its extent or pixel size is invalid ({error})</source>
      <translation>seine Ausdehnung oder Pixelgröße ist ungültig ({error})</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its size is {width} x {height} cells</source>
      <translation>seine Größe ist {width} x {height} Zellen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its bandCount is {count}</source>
      <translation>sein bandCount ist {count}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it does not allow raster functions</source>
      <translation>er erlaubt keine Rasterfunktionen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it occurs twice</source>
      <translation>er kommt zweimal vor</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>this kind of service has no such setting</source>
      <translation>diese Art von Dienst kennt keine solche Einstellung</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it is not an image service</source>
      <translation>es ist kein Bilddienst</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>with a raster function it is ambiguous (input or result)</source>
      <translation>zusammen mit einer Rasterfunktion ist er mehrdeutig (Eingabe oder Ergebnis)</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>valid values are {known}</source>
      <translation>gültige Werte sind {known}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>the service has {count} bands, numbered from 0</source>
      <translation>der Dienst hat {count} Kanäle, gezählt ab 0</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it needs one number, or one for each of the {count} bands</source>
      <translation>er braucht eine Zahl oder eine für jeden der {count} Kanäle</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/sign_in.py" />
      <source>the authentication configuration {authcfg} is only for HTTP addresses</source>
      <translation>die Authentifizierungskonfiguration {authcfg} gilt nur für HTTP-Adressen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/sign_in.py" />
      <source>the authentication configuration {authcfg} provides no usable HTTP headers</source>
      <translation>die Authentifizierungskonfiguration {authcfg} liefert keine verwendbaren HTTP-Header</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>its image has {width} x {height} pixels instead of {size}</source>
      <translation>sein Bild hat {width} x {height} Pixel statt {size}</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/picture.py" />
      <source>its response is not an image</source>
      <translation>die Antwort ist kein Bild</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>its response is an image without a size</source>
      <translation>die Antwort ist ein Bild ohne Größe</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>its image of {width} x {height} pixels is too large</source>
      <translation>das Bild mit {width} x {height} Pixeln ist zu groß</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/picture.py" />
      <source>its response is a damaged image</source>
      <translation>die Antwort ist ein beschädigtes Bild</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wms.py" />
      <source>its service declares no address of maps</source>
      <translation>sein Dienst nennt keine Adresse für Karten</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its service has no tile matrix set {name}</source>
      <translation>sein Dienst hat keinen Kachelmatrixsatz {name}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wms.py" />
      <source>its tile set is invalid: {error}</source>
      <translation>sein Kachelsatz ist ungültig: {error}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wms.py" />
      <source>its tile set has impossible sizes</source>
      <translation>sein Kachelsatz hat unmögliche Größen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>the CRS {name} of its tile matrix set is unknown</source>
      <translation>das KBS {name} seines Kachelmatrixsatzes ist unbekannt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its tile matrix set {name} is empty</source>
      <translation>sein Kachelmatrixsatz {name} ist leer</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its service has no layer {name}</source>
      <translation>sein Dienst hat keinen Layer {name}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its tile matrix {name} is invalid: {error}</source>
      <translation>seine Kachelmatrix {name} ist ungültig: {error}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its tile matrix {name} has impossible sizes</source>
      <translation>seine Kachelmatrix {name} hat unmögliche Größen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>only QGIS can choose its time; remove it from the layer's properties</source>
      <translation>nur QGIS kann seine Zeit wählen; entfernen Sie sie in den Eigenschaften des Layers</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its service declares no tile address for {format}</source>
      <translation>sein Dienst nennt keine Kacheladresse für {format}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it is longer than {largest} bytes</source>
      <translation>sie antwortete mit mehr als {largest} Bytes</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it declares entities, which is not allowed</source>
      <translation>es deklariert Entitäten, was nicht erlaubt ist</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it has more than {most} elements</source>
      <translation>ihre Antwort hat mehr als {most} Elemente</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it is not valid XML: {error}</source>
      <translation>die Antwort ist kein gültiges XML: {error}</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The class map to assess: a raster with a class value in each pixel.</source>
      <translation>Die zu prüfende Klassenkarte: ein Raster mit einem Klassenwert in jedem Pixel.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The truth: points or polygons with a class field, or a raster of class values. Points are compared with the pixel below them, polygons with each pixel whose centre is inside, rasters with their nearest pixel. Other CRSs are transformed.</source>
      <translation>Die Wahrheit: Punkte oder Polygone mit einem Klassenfeld oder ein Raster mit Klassenwerten. Punkte werden mit dem Pixel unter ihnen verglichen, Polygone mit jedem Pixel, dessen Mittelpunkt innen liegt, Raster mit ihrem nächsten Pixel. Andere KBS werden transformiert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Class field</source>
      <translation>Klassenfeld</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The field with the true class of points and polygons: the value or the name of a class of the map. Features without a class are left out and counted.</source>
      <translation>Das Feld mit der wahren Klasse von Punkten und Polygonen: Wert oder Name einer Klasse der Karte. Objekte ohne Klasse werden ausgelassen und gezählt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Stratum field</source>
      <translation>Stratumfeld</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The field with the stratum from which each point was drawn, such as map_class of Create sample points. It must agree with the map, or with Strata. Default: the estimates are post-stratified by the classes of the map.</source>
      <translation>Das Feld mit dem Stratum, aus dem jeder Punkt gezogen wurde, etwa map_class von „Stichprobenpunkte erzeugen“. Es muss mit der Karte oder mit „Strata“ übereinstimmen. Vorgabe: die Schätzungen werden nach den Klassen der Karte nachgeschichtet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Strata</source>
      <translation>Strata</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The raster from which the sample was drawn, if it is not this map, such as an earlier version. Default: the strata are the classes of the map.</source>
      <translation>Das Raster, aus dem die Stichprobe gezogen wurde, falls es nicht diese Karte ist, etwa eine frühere Version. Vorgabe: die Strata sind die Klassen der Karte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>HTML files</source>
      <translation>HTML-Dateien</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>All results as a page with heat maps.</source>
      <translation>Alle Ergebnisse als Seite mit Heatmaps.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Accuracy as JSON</source>
      <translation>Genauigkeit als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>All results for scripts.</source>
      <translation>Alle Ergebnisse für Skripte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Accuracy as CSV</source>
      <translation>Genauigkeit als CSV</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>A row per class for spreadsheets.</source>
      <translation>Eine Zeile je Klasse für Tabellenkalkulationen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The class map from which points are drawn: each class is a stratum.</source>
      <translation>Die Klassenkarte, aus der Punkte gezogen werden: jede Klasse ist ein Stratum.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Number of points</source>
      <translation>Anzahl der Punkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Points in all classes together. Default: as many as the target standard error needs.</source>
      <translation>Punkte in allen Klassen zusammen. Vorgabe: so viele, wie der angestrebte Standardfehler erfordert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Allocation</source>
      <translation>Aufteilung</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>MIXED gives rare classes the minimum per class and divides the rest by area, as Olofsson et al. recommend. PROPORTIONAL divides by area, EQUAL gives each class the same number.</source>
      <translation>MIXED gibt seltenen Klassen das Minimum je Klasse und teilt den Rest nach Fläche auf, wie von Olofsson et al. empfohlen. PROPORTIONAL teilt nach Fläche auf, EQUAL gibt jeder Klasse dieselbe Anzahl.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Minimum per class</source>
      <translation>Minimum je Klasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The least number of points of a class with the allocation MIXED.</source>
      <translation>Die kleinste Anzahl von Punkten einer Klasse bei der Aufteilung MIXED.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Points per class</source>
      <translation>Punkte je Klasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>One number for all classes, such as 100, or one per class by value, such as 1=75;2=150. It replaces number and allocation.</source>
      <translation>Eine Zahl für alle Klassen, etwa 100, oder eine je Klasse nach Wert, etwa 1=75;2=150. Sie ersetzt Anzahl und Aufteilung.</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>Random seed</source>
      <translation>Startwert der Zufallszahlen</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The same seed draws the same points from the same map. Default: a new seed, shown in the log.</source>
      <translation>Derselbe Startwert zieht aus derselben Karte dieselben Punkte. Vorgabe: ein neuer Startwert, der im Protokoll steht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Sample points</source>
      <translation>Stichprobenpunkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>A GeoPackage with points in random order, their class in the map, and an empty field reference for the true class.</source>
      <translation>Ein GeoPackage mit Punkten in zufälliger Reihenfolge, ihrer Klasse in der Karte und einem leeren Feld reference für die wahre Klasse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Target standard error</source>
      <translation>Angestrebter Standardfehler</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The standard error of the overall accuracy that determines the number of points.</source>
      <translation>Der Standardfehler der Gesamtgenauigkeit, der die Anzahl der Punkte bestimmt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Expected user's accuracy</source>
      <translation>Erwartete Nutzergenauigkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>The expected share of right pixels, from 0 to 1, for the number of points: one for all classes, such as 0.9, or one per class by value, such as 1=0.7;2=0.95.</source>
      <translation>Der erwartete Anteil richtiger Pixel von 0 bis 1 für die Anzahl der Punkte: einer für alle Klassen, etwa 0.9, oder einer je Klasse nach Wert, etwa 1=0.7;2=0.95.</translation>
    </message>
    <message>
      <location filename="../processing_provider/accuracy_parameters.py" />
      <source>Class map</source>
      <translation>Klassenkarte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>The algorithm was not prepared.</source>
      <translation>Der Algorithmus wurde nicht vorbereitet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm_groups.py" />
      <source>Accuracy</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm_groups.py" />
      <source>Number of input bands of the model</source>
      <translation>Anzahl der Eingabekanäle des Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm_groups.py" />
      <source>Number of classes of the model</source>
      <translation>Anzahl der Klassen des Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm_run.py" />
      <source>The parameter {name} is unknown and has no effect.</source>
      <translation>Der Parameter {name} ist unbekannt und hat keine Wirkung.</translation>
    </message>
    <message>
      <location filename="../processing_provider/areas.py" />
      <source>{number} km²</source>
      <translation>{number} km²</translation>
    </message>
    <message>
      <location filename="../processing_provider/areas.py" />
      <location filename="../inference/accuracy/html.py" />
      <source>{number} ha</source>
      <translation>{number} ha</translation>
    </message>
    <message>
      <location filename="../processing_provider/areas.py" />
      <source>{number} m²</source>
      <translation>{number} m²</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>Assess accuracy of class map</source>
      <translation>Genauigkeit einer Klassenkarte bestimmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>confusion matrix,error matrix,validation,ground truth,kappa,iou,f1,area,olofsson</source>
      <translation>Konfusionsmatrix,Fehlermatrix,Validierung,Referenzdaten,Kappa,IoU,F1,Fläche,Olofsson</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>Compares a class map with a reference and estimates its accuracy and the areas of its classes.</source>
      <translation>Vergleicht eine Klassenkarte mit einer Referenz und schätzt ihre Genauigkeit und die Flächen ihrer Klassen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>&lt;p&gt;Compares a class map with points, polygons or a raster of true classes. The result is the confusion matrix with overall, user's and producer's accuracy, F1, IoU and kappa, and area-adjusted estimates of the accuracies and of the area of each class in hectares, with 95 % confidence intervals (Olofsson et al. 2014).&lt;/p&gt;&lt;p&gt;The estimates need a random sample: points of &lt;i&gt;Create sample points&lt;/i&gt;, or any simple random sample. The strata are the classes of the map, or the raster of &lt;i&gt;Strata&lt;/i&gt; from which the sample was drawn.&lt;/p&gt;&lt;p&gt;Classes of the reference are matched by value or name; one that the map does not have is an error. Samples outside the map, on NoData or without a class are left out and counted. Numbers that cannot be estimated, such as the standard error of a class with a single sample, are undefined, not zero.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Vergleicht eine Klassenkarte mit Punkten, Polygonen oder einem Raster wahrer Klassen. Das Ergebnis ist die Konfusionsmatrix mit Gesamt-, Nutzer- und Produzentengenauigkeit, F1, IoU und Kappa sowie flächenbereinigte Schätzungen der Genauigkeiten und der Fläche jeder Klasse in Hektar mit 95-%-Konfidenzintervallen (Olofsson et al. 2014).&lt;/p&gt;&lt;p&gt;Die Schätzungen brauchen eine Zufallsstichprobe: Punkte von &lt;i&gt;Stichprobenpunkte erzeugen&lt;/i&gt; oder eine beliebige einfache Zufallsstichprobe. Die Strata sind die Klassen der Karte oder das Raster &lt;i&gt;Strata&lt;/i&gt;, aus dem die Stichprobe gezogen wurde.&lt;/p&gt;&lt;p&gt;Klassen der Referenz werden nach Wert oder Name zugeordnet; eine Klasse, die die Karte nicht hat, ist ein Fehler. Stichproben außerhalb der Karte, auf NoData oder ohne Klasse werden ausgelassen und gezählt. Zahlen, die nicht geschätzt werden können, etwa der Standardfehler einer Klasse mit einer einzigen Stichprobe, sind undefiniert, nicht null.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>All results as JSON</source>
      <translation>Alle Ergebnisse als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>Number of samples compared</source>
      <translation>Anzahl der verglichenen Stichproben</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Overall accuracy of the samples</source>
      <translation>Gesamtgenauigkeit der Stichproben</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Kappa of the samples</source>
      <translation>Kappa der Stichproben</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Overall accuracy of the area</source>
      <translation>Gesamtgenauigkeit der Fläche</translation>
    </message>
    <message>
      <location filename="../processing_provider/assess_accuracy.py" />
      <source>Half the width of its 95 % confidence interval</source>
      <translation>Halbe Breite ihres 95-%-Konfidenzintervalls</translation>
    </message>
    <message>
      <location filename="../processing_provider/begin_job.py" />
      <source>there is no such parameter</source>
      <translation>diesen Parameter gibt es nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/begin_job.py" />
      <source>a job has one result; begin a job for each raster</source>
      <translation>ein Auftrag hat ein einziges Ergebnis; beginnen Sie für jedes Raster einen eigenen</translation>
    </message>
    <message>
      <location filename="../processing_provider/class_layers.py" />
      <source>its style has no categories</source>
      <translation>sein Stil hat keine Kategorien</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>Classify pixels using deep learning</source>
      <translation>Pixel mit Deep Learning klassifizieren</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>Raster analysis</source>
      <translation>Rasteranalyse</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>segmentation,land cover,neural network,onnx,pytorch,emd,dlpk,esri,machine learning,ai</source>
      <translation>Segmentierung,Landbedeckung,Landnutzung,neuronales Netz,Klassifikation,onnx,pytorch,emd,dlpk,esri,maschinelles Lernen,ki</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>Runs a segmentation model over a raster and writes a class map with the model's names and colours.</source>
      <translation>Wendet ein Segmentierungsmodell auf ein Raster an und schreibt eine Klassenkarte mit den Namen und Farben des Modells.</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>&lt;p&gt;Runs a deep learning segmentation model over a raster of any size and writes a georeferenced class map with the model's own values, names and colours.&lt;/p&gt;&lt;p&gt;Pixels that are NoData in the raster are NoData in the map. Bands are matched by number, name or wavelength; their values must be in the range of the model's training data.&lt;/p&gt;&lt;p&gt;ONNX networks need the Python package onnxruntime, PyTorch networks need torch. The Classify Pixels page of QGIS's options shows the available runtimes and can install ONNX Runtime.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Wendet ein Segmentierungsmodell (Deep Learning) auf ein Raster beliebiger Größe an und schreibt eine georeferenzierte Klassenkarte mit den Werten, Namen und Farben des Modells.&lt;/p&gt;&lt;p&gt;NoData-Pixel des Rasters sind auch in der Karte NoData. Kanäle werden nach Nummer, Name oder Wellenlänge zugeordnet; ihre Werte müssen im Bereich der Trainingsdaten des Modells liegen.&lt;/p&gt;&lt;p&gt;ONNX-Netze brauchen das Python-Paket onnxruntime, PyTorch-Netze brauchen torch. Die Seite Classify Pixels in den Optionen von QGIS zeigt die verfügbaren Laufzeitbibliotheken und kann ONNX Runtime installieren.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels_run.py" />
      <source>Minimum patch in polygons has no effect without polygons.</source>
      <translation>Die kleinste Fläche der Polygone hat ohne Polygone keine Wirkung.</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels_run.py" />
      <source>{run}: scores</source>
      <translation>{run}: Scores</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_title.py" />
      <source>whole layer</source>
      <translation>ganzer Layer</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_title.py" />
      <source>part of the layer</source>
      <translation>Teil des Layers</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Describe deep learning model</source>
      <translation>Deep-Learning-Modell beschreiben</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>info,information,metadata,classes,bands,onnx,pytorch,emd,dlpk,esri,segmentation</source>
      <translation>Info,Information,Metadaten,Klassen,Kanäle,onnx,pytorch,emd,dlpk,esri,Segmentierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Summarises a segmentation model, its inputs and outputs, and checks that it can run.</source>
      <translation>Fasst ein Segmentierungsmodell mit Ein- und Ausgaben zusammen und prüft, ob es ausführbar ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>&lt;p&gt;Summarises a segmentation model: weights, bands and their expected values, tile size, padding and stride, classes with colours, arguments with defaults, and keys of its definition without effect, with the reason.&lt;/p&gt;&lt;p&gt;The network is opened and run once on an empty tile, and on random images if its receptive field is not declared. The description therefore includes the device, or the reason why the model cannot run. A model that can be read but not run is described as well.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Fasst ein Segmentierungsmodell zusammen: Gewichte, Kanäle und erwartete Werte, Kachelgröße, Rand und Schrittweite, Klassen mit Farben, Argumente mit Vorgaben sowie Schlüssel der Definition ohne Wirkung, mit Begründung.&lt;/p&gt;&lt;p&gt;Das Netz wird geöffnet und einmal auf einer leeren Kachel ausgeführt; fehlt die Angabe seines rezeptiven Felds, auch auf Zufallsbildern. Die Beschreibung nennt daher das Gerät oder den Grund, warum das Modell nicht ausführbar ist. Auch ein Modell, das nur gelesen werden kann, wird beschrieben.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Description</source>
      <translation>Beschreibung</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>The description as a page in the results viewer.</source>
      <translation>Die Beschreibung als Seite im Ergebnisbetrachter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Description as text</source>
      <translation>Beschreibung als Text</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Description as JSON</source>
      <translation>Beschreibung als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Model can be run</source>
      <translation>Modell ist ausführbar</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Device for running the model</source>
      <translation>Gerät zur Ausführung des Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Reason why the model cannot be run</source>
      <translation>Grund, warum das Modell nicht ausführbar ist</translation>
    </message>
    <message>
      <location filename="../processing_provider/esri_context.py" />
      <source>Context key {key} has no effect here and is ignored.</source>
      <translation>Der Schlüssel {key} des Kontexts hat hier keine Wirkung und wird ignoriert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>Polygons: {percent} percent done</source>
      <translation>Polygone: {percent} Prozent erledigt</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{percent} percent done, about {left} left</source>
      <translation>{percent} Prozent fertig, noch etwa {left}</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{percent} percent done, {rate} megapixels per second, about {left} left, on {device}</source>
      <translation>{percent} Prozent fertig, {rate} Megapixel pro Sekunde, noch etwa {left}, auf {device}</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{hours} h {minutes} min</source>
      <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{minutes} min {seconds} s</source>
      <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{seconds} s</source>
      <translation>{seconds} s</translation>
    </message>
    <message>
      <location filename="../processing_provider/grid_values.py" />
      <source>it is not a valid extent</source>
      <translation>es ist keine gültige Ausdehnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/grid_values.py" />
      <source>as text, the order is xmin, xmax, ymin, ymax</source>
      <translation>als Text lautet die Reihenfolge xmin, xmax, ymin, ymax</translation>
    </message>
    <message>
      <location filename="../inference/run/esri_values.py" />
      <source>its spatial reference {reference} is unknown</source>
      <translation>ihr Raumbezug {reference} ist unbekannt</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it is not JSON</source>
      <translation>es ist kein JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>Create deep learning package</source>
      <translation>Deep-Learning-Paket erstellen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>export,model definition,emd,dlpk,esri,onnx,torchscript,pytorch,segmentation,classes</source>
      <translation>Export,Modelldefinition,emd,dlpk,esri,onnx,torchscript,pytorch,Segmentierung,Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>Packs a network with its classes and bands into an Esri deep learning package (.dlpk).</source>
      <translation>Packt ein Netz mit seinen Klassen und Kanälen in ein Deep-Learning-Paket von Esri (.dlpk).</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>&lt;p&gt;Packs a segmentation network, its classes and its settings into a deep learning package (.dlpk) with an Esri model definition (.emd): one file to share.&lt;/p&gt;&lt;p&gt;Classes come from a table, from JSON, or from the style of a layer; bands and tile size, if not given, from the network. The number of classes must equal the number of channels of the network, or be one less if its first channel is background.&lt;/p&gt;&lt;p&gt;The package is verified before it is saved: it is read back, and its network is run once. Inconsistencies are reported, and no file is written. The same input produces the same file, byte for byte.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Packt ein Segmentierungsnetz mit Klassen und Einstellungen in ein Deep-Learning-Paket (.dlpk) mit einer Modelldefinition von Esri (.emd): eine einzige Datei zum Weitergeben.&lt;/p&gt;&lt;p&gt;Die Klassen stammen aus einer Tabelle, aus JSON oder aus dem Stil eines Layers; Kanäle und Kachelgröße, falls nicht angegeben, aus dem Netz. Die Anzahl der Klassen muss der Anzahl der Ausgabekanäle des Netzes entsprechen oder um eins kleiner sein, wenn dessen erster Hintergrund ist.&lt;/p&gt;&lt;p&gt;Vor dem Speichern wird das Paket geprüft: Es wird zurückgelesen, und sein Netz wird einmal ausgeführt. Bei Widersprüchen erscheint eine Meldung, und keine Datei wird geschrieben. Dieselbe Eingabe ergibt dieselbe Datei, Byte für Byte.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>The model definition, as JSON</source>
      <translation>Die Modelldefinition als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>Network was run</source>
      <translation>Netz wurde ausgeführt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Network</source>
      <translation>Netz</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The file with the weights: an ONNX or TorchScript network, or the weights of a model with an existing definition.</source>
      <translation>Die Datei mit den Gewichten: ein ONNX- oder TorchScript-Netz oder die Gewichte eines Modells mit vorhandener Definition.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Name of the model. Default: the name of the network's file.</source>
      <translation>Name des Modells. Vorgabe: der Name der Netzdatei.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Value</source>
      <translation>Wert</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Colour</source>
      <translation>Farbe</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Classes</source>
      <translation>Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Value, name and colour (such as #4169e1) of each class, in the order of the network's channels. On the command line: JSON, the name of a JSON file, or 1,Water,#4169e1,2,Forest,#006400.</source>
      <translation>Wert, Name und Farbe (etwa #4169e1) jeder Klasse, in der Reihenfolge der Ausgabekanäle des Netzes. Auf der Kommandozeile: JSON, der Name einer JSON-Datei oder 1,Wasser,#4169e1,2,Wald,#006400.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Layer with the classes</source>
      <translation>Layer mit den Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Used if the table is empty: a raster with a paletted style, an attribute table or category names, or a vector layer with a categorized style. Its classes must be in the order of the network's channels.</source>
      <translation>Wird bei leerer Tabelle benutzt: ein Raster mit Palettenstil, Attributtabelle oder Kategorienamen oder ein Vektorlayer mit kategorisiertem Stil. Die Klassen müssen in der Reihenfolge der Ausgabekanäle des Netzes stehen.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Bands</source>
      <translation>Kanäle</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Raster bands for the network, in its order: numbers from 1, such as 4,3,2, or names, such as red,green,nir. Default: the first bands.</source>
      <translation>Rasterkanäle für das Netz, in dessen Reihenfolge: Nummern ab 1, etwa 4,3,2, oder Namen, etwa red,green,nir. Vorgabe: die ersten Kanäle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Scale</source>
      <translation>Faktor</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Factor applied to the raster's values first, such as 0.0001, or one factor per band. The network receives (value x scale - mean) / std.</source>
      <translation>Faktor, mit dem die Rasterwerte zuerst multipliziert werden, etwa 0.0001, oder ein Faktor je Kanal. Das Netz erhält (Wert x Faktor - Mittelwert) / Standardabweichung.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Mean</source>
      <translation>Mittelwert</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Value subtracted next, or one value per band. Default: 0.</source>
      <translation>Wert, der danach abgezogen wird, oder ein Wert je Kanal. Vorgabe: 0.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Standard deviation</source>
      <translation>Standardabweichung</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Divisor applied last, or one divisor per band. Default: 1.</source>
      <translation>Divisor, durch den zuletzt geteilt wird, oder ein Divisor je Kanal. Vorgabe: 1.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Tile size</source>
      <translation>Kachelgröße</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Width and height of a tile in pixels. Default: the fixed size of the network, otherwise 256.</source>
      <translation>Breite und Höhe einer Kachel in Pixeln. Vorgabe: die feste Größe des Netzes, sonst 256.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Padding</source>
      <translation>Rand</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Pixels at each edge of a tile that are computed but not kept. Default: chosen by each run.</source>
      <translation>Pixel an jeder Kachelseite, die berechnet, aber nicht behalten werden. Vorgabe: von jedem Lauf gewählt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Purpose of the model, its training data and its authors.</source>
      <translation>Zweck des Modells, seine Trainingsdaten und seine Autoren.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Version of the model, such as 2024.06.</source>
      <translation>Version des Modells, etwa 2024.06.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Existing definition</source>
      <translation>Vorhandene Definition</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Model definitions</source>
      <translation>Modelldefinitionen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>A definition whose keys are kept unless other parameters replace them. Required for weights without their architecture (.pth).</source>
      <translation>Eine Definition, deren Schlüssel erhalten bleiben, soweit andere Parameter sie nicht ersetzen. Erforderlich für Gewichte ohne Architektur (.pth).</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Further files</source>
      <translation>Weitere Dateien</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Additional files for the package, such as a licence, the external weights of an ONNX file, or the Python raster function named by the existing definition, which ArcGIS needs to run a network.</source>
      <translation>Weitere Dateien für das Paket, etwa eine Lizenz, die externen Gewichte einer ONNX-Datei oder die Python-Rasterfunktion der vorhandenen Definition, die ArcGIS zum Ausführen eines Netzes braucht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Deep learning package</source>
      <translation>Deep-Learning-Paket</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The package: the definition and the network in one file.</source>
      <translation>Das Paket: Definition und Netz in einer Datei.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Model definition</source>
      <translation>Modelldefinition</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The definition as a separate file that refers to the network in its present location.</source>
      <translation>Die Definition als eigene Datei, die auf das Netz an seinem jetzigen Ort verweist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_run.py" />
      <source>a whole number</source>
      <translation>eine ganze Zahl sein</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Classes with pixel counts and areas in square metres, as JSON</source>
      <translation>Klassen mit Pixelzahlen und Flächen in Quadratmetern, als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Number of classes found</source>
      <translation>Anzahl der gefundenen Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Number of classified pixels</source>
      <translation>Anzahl der klassifizierten Pixel</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Device that ran the model</source>
      <translation>Gerät, auf dem das Modell lief</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Number of tiles</source>
      <translation>Anzahl der Kacheln</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Tile size in pixels</source>
      <translation>Kachelgröße in Pixeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Padding in pixels</source>
      <translation>Rand in Pixeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Run time in seconds</source>
      <translation>Laufzeit in Sekunden</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Peak memory of the process in MB</source>
      <translation>Größter Speicherbedarf des Prozesses in MB</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>An Esri model definition (.emd) or deep learning package (.dlpk); a bare network (.onnx, .pt, .pth, .pt2, .safetensors, .pb, .tflite, .xml); a STAC item of a model (.json); or a definition or reference as JSON.</source>
      <translation>Eine Esri-Modelldefinition (.emd) oder ein Deep-Learning-Paket (.dlpk); ein bloßes Netz (.onnx, .pt, .pth, .pt2, .safetensors, .pb, .tflite, .xml); ein STAC-Item eines Modells (.json); oder eine Definition oder ein Verweis als JSON.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Processor type</source>
      <translation>Prozessortyp</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>AUTO or empty: a GPU if the runtime finds one, otherwise the CPU. GPU: the run fails without one.</source>
      <translation>AUTO oder leer: eine GPU, wenn die Laufzeitbibliothek eine findet, sonst die CPU. GPU: Ohne GPU schlägt der Lauf fehl.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input raster</source>
      <translation>Eingaberaster</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The raster to classify: a layer, a file, any name that GDAL opens, or an ArcGIS image service or portal item as JSON. A folder, a list, a tile index or a STAC file stands for several rasters. To sign in, end the address with |authcfg= and the id of a QGIS authentication configuration.</source>
      <translation>Das zu klassifizierende Raster: ein Layer, eine Datei, jeder Name, den GDAL öffnet, oder ein ArcGIS-Bilddienst oder Portalelement als JSON. Ein Ordner, eine Liste, ein Kachelindex oder eine STAC-Datei steht für mehrere Raster. Zum Anmelden endet die Adresse auf |authcfg= und die ID einer Authentifizierungskonfiguration von QGIS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Model arguments</source>
      <translation>Modellargumente</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Names and values, such as padding 32;batch_size 4;tile_size 512, or JSON. Available: padding (pixels at each edge of a tile that are computed but not kept, or auto), batch_size, tile_size, predict_background, test_time_augmentation, merge_policy (mean, max or min), threshold, return_probability_raster, mixed_precision, output (name of a network output, or index from 0) and runtime (auto, onnxruntime, openvino or torch). Default: the values of the model.</source>
      <translation>Namen und Werte, etwa padding 32;batch_size 4;tile_size 512, oder JSON. Verfügbar: padding (Pixel an jeder Kachelseite, die berechnet, aber nicht behalten werden, oder auto), batch_size, tile_size, predict_background, test_time_augmentation, merge_policy (mean, max oder min), threshold, return_probability_raster, mixed_precision, output (Name einer Ausgabe des Netzes oder Nummer ab 0) und runtime (auto, onnxruntime, openvino oder torch). Vorgabe: die Werte des Modells.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The part to classify, in any CRS. Default: the whole raster.</source>
      <translation>Der zu klassifizierende Teil, in beliebigem KBS. Vorgabe: das ganze Raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Process all raster items separately</source>
      <translation>Alle Raster einzeln verarbeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Classify each of several rasters into a separate map, in a folder named after the output. A later run with the same settings keeps existing maps. Otherwise the rasters are mosaicked and classified as one.</source>
      <translation>Klassifiziert jedes von mehreren Rastern in eine eigene Karte, in einem Ordner mit dem Namen der Ausgabe. Ein späterer Lauf mit denselben Einstellungen behält vorhandene Karten. Andernfalls werden die Raster mosaikiert und als eines klassifiziert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Output CRS</source>
      <translation>KBS der Ausgabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>CRS of the result. Default: that of the raster.</source>
      <translation>KBS des Ergebnisses. Vorgabe: das des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Cell size</source>
      <translation>Zellgröße</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Cell size of the result in units of its CRS, or a raster with this size. With several rasters, MAXOF uses the coarsest cells and MINOF the finest. Default: that of the input.</source>
      <translation>Zellgröße des Ergebnisses in Einheiten seines KBS oder ein Raster mit dieser Zellgröße. Bei mehreren Rastern benutzt MAXOF die gröbsten Zellen und MINOF die feinsten. Vorgabe: die Zellgröße der Eingabe.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Snap raster</source>
      <translation>Fangraster</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Align output cells to this raster.</source>
      <translation>Richtet die Zellen der Ausgabe an diesem Raster aus.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Mask</source>
      <translation>Maske</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Polygons or a raster, including ArcGIS feature and image services. Nothing is computed outside the polygons, or where the raster is NoData. As in ArcGIS, every other value of the raster counts as inside, including 0.</source>
      <translation>Polygone oder ein Raster, auch aus Feature- und Bilddiensten von ArcGIS. Außerhalb der Polygone und dort, wo das Raster NoData ist, wird nichts berechnet. Wie in ArcGIS gehört jeder andere Wert des Rasters zur Maske, auch 0.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Resampling</source>
      <translation>Resampling</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Resampling method for another CRS, cell size or alignment. Default: bilinear.</source>
      <translation>Resampling-Methode für ein anderes KBS, eine andere Zellgröße oder Ausrichtung. Vorgabe: bilinear.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Stack raster items</source>
      <translation>Raster stapeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Several rasters become the bands of one, for networks that take several dates: a list in its order, a folder by name, a STAC file by date. Items are brought to the cells of the first one. A pixel outside one of them is NoData there.</source>
      <translation>Mehrere Raster werden zu den Kanälen eines einzigen, für Netze mit mehreren Zeitpunkten: eine Liste in ihrer Reihenfolge, ein Ordner nach Namen, eine STAC-Datei nach Datum. Alle werden auf die Zellen des ersten gebracht. Ein Pixel außerhalb eines der Raster ist dort NoData.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Band mapping</source>
      <translation>Kanalzuordnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Raster band for each band of the model: 4,3,2 in the model's order, or red=4;nir=B8. Default: matched by name, wavelength or number.</source>
      <translation>Rasterkanal für jeden Kanal des Modells: 4,3,2 in der Reihenfolge des Modells oder red=4;nir=B8. Vorgabe: Zuordnung nach Name, Wellenlänge oder Nummer.</translation>
    </message>
    <message>
      <location filename="../ui/panel/settings_box.py" />
      <source>Input scale</source>
      <translation>Faktor der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Factor for the raster's values, or one per band of the model, such as 0.0001.</source>
      <translation>Faktor für die Rasterwerte oder einer je Kanal des Modells, etwa 0.0001.</translation>
    </message>
    <message>
      <location filename="../ui/panel/settings_box.py" />
      <source>Input offset</source>
      <translation>Versatz der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Number added to the scaled values, or one per band of the model, such as -1000.</source>
      <translation>Zahl, die zu den skalierten Werten addiert wird, oder eine je Kanal des Modells, etwa -1000.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input NoData values</source>
      <translation>NoData-Werte der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Additional values that are NoData in all bands, separated by commas.</source>
      <translation>Weitere Werte, die in allen Kanälen NoData sind, durch Kommas getrennt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>NoData rule</source>
      <translation>NoData-Regel</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>ANY: a pixel is NoData if any band used by the model is NoData. ALL: only if all of them are. AUTO: ALL for 8-bit RGB images, otherwise ANY.</source>
      <translation>ANY: Ein Pixel ist NoData, wenn es in mindestens einem vom Modell benutzten Kanal NoData ist. ALL: nur, wenn es in allen diesen Kanälen NoData ist. AUTO: ALL bei 8-Bit-RGB-Bildern, sonst ANY.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Parallel processing factor</source>
      <translation>Faktor für parallele Verarbeitung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Number of tiles processed at once, such as 4, or a share of the cores, such as 75%. At most one per core. Default: all cores.</source>
      <translation>Anzahl gleichzeitig verarbeiteter Kacheln, etwa 4, oder ein Anteil der Kerne, etwa 75%. Höchstens eine je Kern. Vorgabe: alle Kerne.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Context</source>
      <translation>Kontext</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Environment settings as JSON: extent, outSR, snapRaster, cellSize, mask, processorType, parallelProcessingFactor, gpuId, resamplingMethod. Parameters set separately take precedence.</source>
      <translation>Umgebungseinstellungen als JSON: extent, outSR, snapRaster, cellSize, mask, processorType, parallelProcessingFactor, gpuId, resamplingMethod. Einzeln gesetzte Parameter haben Vorrang.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Compression</source>
      <translation>Komprimierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Lossless compression of the result.</source>
      <translation>Verlustfreie Komprimierung des Ergebnisses.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Creation options</source>
      <translation>Erzeugungsoptionen</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>GDAL creation options for GeoTIFF, such as BLOCKXSIZE=256|BLOCKYSIZE=256. FORMAT=COG: cloud-optimized.</source>
      <translation>Erzeugungsoptionen von GDAL für GeoTIFF, etwa BLOCKXSIZE=256|BLOCKYSIZE=256. FORMAT=COG: cloud-optimiert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bands of scores</source>
      <translation>Kanäle der Scores</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bands of a raster of scores. CLASSES: one per class. WINNER: only the largest score.</source>
      <translation>Kanäle eines Rasters der Scores. CLASSES: einer je Klasse. WINNER: nur der größte Score.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Minimum patch in polygons</source>
      <translation>Kleinste Fläche der Polygone</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Size in pixels of the smallest patch of the polygons, such as 20. Smaller patches become part of their largest neighbour, as in GDAL's sieve; patches without a large neighbour stay. The classified raster does not change. Default: all patches.</source>
      <translation>Größe der kleinsten Fläche der Polygone in Pixeln, etwa 20. Kleinere Flächen werden Teil ihres größten Nachbarn, wie beim Sieben in GDAL; Flächen ohne großen Nachbarn bleiben. Das klassifizierte Raster ändert sich nicht. Voreinstellung: alle Flächen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Classified raster</source>
      <translation>Klassifiziertes Raster</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The class map, a GeoTIFF with the names and colours of the model's classes.</source>
      <translation>Die Klassenkarte, ein GeoTIFF mit den Namen und Farben der Klassen des Modells.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Scores</source>
      <translation>Scores</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The scores as the network outputs them, a floating-point GeoTIFF.</source>
      <translation>Die Scores, wie das Netz sie ausgibt, als GeoTIFF mit Gleitkommazahlen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Polygons</source>
      <translation>Polygone</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>A polygon for each patch of connected pixels of a class, with class, name, colour, pixels, area (m² on the ellipsoid), hectares and, with scores, their mean: .gpkg, .geojson, .shp or .fgb.</source>
      <translation>Ein Polygon für jede Fläche zusammenhängender Pixel einer Klasse, mit Klasse, Name, Farbe, Pixeln, Fläche (m² auf dem Ellipsoid), Hektar und, bei Scores, deren Mittelwert: .gpkg, .geojson, .shp oder .fgb.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Summary</source>
      <translation>Zusammenfassung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>A page for the results viewer: classes with areas and shares, a chart, and the log.</source>
      <translation>Eine Seite für den Ergebnisbetrachter: Klassen mit Flächen und Anteilen, ein Diagramm und das Protokoll.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Esri model definition</source>
      <translation>Modelldefinition von Esri</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>STAC item of a model</source>
      <translation>STAC-Element eines Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Networks</source>
      <translation>Netze</translation>
    </message>
    <message>
      <location filename="../processing_provider/provider.py" />
      <source>Deep learning</source>
      <translation>Deep Learning</translation>
    </message>
    <message>
      <location filename="../processing_provider/provider.py" />
      <source>Deep learning (Classify Pixels)</source>
      <translation>Deep Learning (Classify Pixels)</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>it is a folder</source>
      <translation>es ist ein Ordner</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>the folder does not exist</source>
      <translation>der Ordner existiert nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/rasters.py" />
      <source>{service} has no raster catalog and is classified as a single raster.</source>
      <translation>{service} hat keinen Rasterkatalog und wird als ein einziges Raster klassifiziert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/read_request.py" />
      <source>{one} or {other}</source>
      <translation>{one} oder {other} sein</translation>
    </message>
    <message>
      <location filename="../processing_provider/read_request.py" />
      <source>Parallel processing factor: {asked} workers requested, limited to one per core ({cores}).</source>
      <translation>Faktor für parallele Verarbeitung: {asked} Prozesse angefordert, begrenzt auf einen je Kern ({cores}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>the reference is not a vector layer that can be read</source>
      <translation>die Referenz ist kein lesbarer Vektorlayer</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>its layer does not exist</source>
      <translation>ihr Layer existiert nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>strata of polygons are those of the map or of Strata</source>
      <translation>Strata von Polygonen sind die der Karte oder von „Strata“</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>it has neither points nor polygons</source>
      <translation>sie hat weder Punkte noch Polygone</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>points and polygons need a field with their class</source>
      <translation>Punkte und Polygone brauchen ein Feld mit ihrer Klasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/reference_layers.py" />
      <source>it does not exist</source>
      <translation>es existiert nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>{value}  {name}: {area}, {share} percent ({pixels} pixels)</source>
      <translation>{value}  {name}: {area}, {share} Prozent ({pixels} Pixel)</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>{value}  {name}: {pixels} pixels, {share} percent</source>
      <translation>{value}  {name}: {pixels} Pixel, {share} Prozent</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Done on {device} in {time}.</source>
      <translation>Fertig auf {device} in {time}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>Create sample points</source>
      <translation>Stichprobenpunkte erzeugen</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>stratified,random,sampling,validation,ground truth,accuracy,olofsson,labelling</source>
      <translation>stratifiziert,geschichtet,zufällig,Stichprobe,Validierung,Referenzdaten,Genauigkeit,Olofsson,Labeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>Draws random points from each class of a map, to be labelled for an accuracy assessment.</source>
      <translation>Zieht Zufallspunkte aus jeder Klasse einer Karte, deren wahre Klasse dann für die Genauigkeit eingetragen wird.</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>&lt;p&gt;Draws a stratified random sample: the strata are the classes of a map, and the points are centres of pixels, drawn without replacement with a probability proportional to the true area of the pixel.&lt;/p&gt;&lt;p&gt;The number of points is given, or follows from a target standard error of the overall accuracy (Olofsson et al. 2014, equation 13).&lt;/p&gt;&lt;p&gt;Enter the true class of each point in the field &lt;i&gt;reference&lt;/i&gt;, from imagery or in the field, without looking at the map; then run &lt;i&gt;Assess accuracy of class map&lt;/i&gt; with reference as the class field and map_class as the stratum field.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Zieht eine geschichtete Zufallsstichprobe: Die Strata sind die Klassen einer Karte, und die Punkte sind Mittelpunkte von Pixeln, ohne Zurücklegen gezogen mit einer Wahrscheinlichkeit proportional zur wahren Fläche des Pixels.&lt;/p&gt;&lt;p&gt;Die Anzahl der Punkte wird angegeben oder folgt aus einem angestrebten Standardfehler der Gesamtgenauigkeit (Olofsson et al. 2014, Gleichung 13).&lt;/p&gt;&lt;p&gt;Tragen Sie die wahre Klasse jedes Punktes in das Feld &lt;i&gt;reference&lt;/i&gt; ein, nach Bildern oder im Gelände, ohne auf die Karte zu sehen; führen Sie dann &lt;i&gt;Genauigkeit einer Klassenkarte bestimmen&lt;/i&gt; aus, mit reference als Klassenfeld und map_class als Stratumfeld.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>Number of points drawn</source>
      <translation>Anzahl der gezogenen Punkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points.py" />
      <source>Classes with their numbers of points, as JSON</source>
      <translation>Klassen mit ihren Punktzahlen als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>To be labelled</source>
      <translation>Zu bestimmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>Labelled</source>
      <translation>Bestimmt</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>its points cannot be read again</source>
      <translation>ihre Punkte können nicht wieder gelesen werden</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>one of {known}</source>
      <translation>eines von {known}</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>a number above 0, at most {most}</source>
      <translation>eine Zahl über 0, höchstens {most}</translation>
    </message>
    <message>
      <location filename="../processing_provider/sample_points_run.py" />
      <source>a whole number from {least} to {most}</source>
      <translation>eine ganze Zahl von {least} bis {most}</translation>
    </message>
    <message>
      <location filename="../processing_provider/styling.py" />
      <source>{name} – polygons</source>
      <translation>{name} – Polygone</translation>
    </message>
    <message>
      <location filename="../processing_provider/styling.py" />
      <source>{value}  {name}: {pixels} pixels</source>
      <translation>{value}  {name}: {pixels} Pixel</translation>
    </message>
    <message>
      <location filename="../processing_provider/styling.py" />
      <source>{value}  {name}: {pixels} pixels, {area}</source>
      <translation>{value}  {name}: {pixels} Pixel, {area}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Log</source>
      <translation>Protokoll</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Results</source>
      <translation>Ergebnisse</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Area</source>
      <translation>Fläche</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Class</source>
      <translation>Klasse</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Pixels</source>
      <translation>Pixel</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Share</source>
      <translation>Anteil</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Share of each class</source>
      <translation>Anteil jeder Klasse</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Tiles</source>
      <translation>Kacheln</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_report.py" />
      <source>Time</source>
      <translation>Dauer</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Peak memory</source>
      <translation>Größter Speicherbedarf</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>{size} MB</source>
      <translation>{size} MB</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>its lists are nested too deeply or too long</source>
      <translation>seine Listen sind zu tief verschachtelt oder zu lang</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>it is not text, a number, a list or a layer</source>
      <translation>er ist weder Text noch Zahl, Liste oder Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>the number is too large</source>
      <translation>die Zahl ist zu groß</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>one of its keys is not text</source>
      <translation>einer seiner Schlüssel ist kein Text</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it contains a null character</source>
      <translation>er enthält ein Nullzeichen</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>it contains bytes that are not UTF-8</source>
      <translation>er enthält Bytes, die kein UTF-8 sind</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>gpuId is {value}, not a whole number from 0</source>
      <translation>gpuId ist {value} und keine ganze Zahl ab 0</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>the expression has no value here</source>
      <translation>der Ausdruck hat hier keinen Wert</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_body.py" />
      <source>{job}: finished with warnings. {warning}</source>
      <translation>{job}: mit Warnungen abgeschlossen. {warning}</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_body.py" />
      <source>Classify Pixels</source>
      <translation>Classify Pixels</translation>
    </message>
    <message>
      <location filename="../ui/class_styling.py" />
      <source>The file has no classes: choose its model</source>
      <translation>Die Datei enthält keine Klassen: Wählen Sie ihr Modell</translation>
    </message>
    <message>
      <location filename="../ui/class_styling.py" />
      <source>The model lists no classes.</source>
      <translation>Das Modell führt keine Klassen auf.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>Allow this model's code</source>
      <translation>Code dieses Modells erlauben</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>The model {model} is Python code, not only a network.</source>
      <translation>Das Modell {model} ist Python-Code, nicht nur ein Netz.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>Code: {function}</source>
      <translation>Code: {function}</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>Model file: {file}</source>
      <translation>Modelldatei: {file}</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>It runs with all your permissions: it can read, change and delete your files and use the network. Only allow it if you trust its author.</source>
      <translation>Er läuft mit allen Ihren Rechten: Er kann Ihre Dateien lesen, ändern und löschen und das Netzwerk benutzen. Erlauben Sie ihn nur, wenn Sie dem Autor vertrauen.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>The permission is for these files only. A changed model is blocked again.</source>
      <translation>Die Erlaubnis gilt nur für diese Dateien. Ein geändertes Modell wird wieder gesperrt.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>Allow</source>
      <translation>Erlauben</translation>
    </message>
    <message>
      <location filename="../ui/dialog/allow_code.py" />
      <source>Do not allow</source>
      <translation>Nicht erlauben</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Argument</source>
      <translation>Argument</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Default</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Effect</source>
      <translation>Wirkung</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Batch size</source>
      <translation>Stapelgröße</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Classify background</source>
      <translation>Hintergrund klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Test-time augmentation</source>
      <translation>Augmentierung zur Laufzeit</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Merging of orientations</source>
      <translation>Zusammenführen der Ausrichtungen</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Threshold</source>
      <translation>Schwellenwert</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Scores instead of classes</source>
      <translation>Scores statt Klassen</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Mixed precision</source>
      <translation>Gemischte Genauigkeit</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Runtime</source>
      <translation>Laufzeitbibliothek</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Network output</source>
      <translation>Ausgabe des Netzes</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Yes</source>
      <translation>Ja</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>No</source>
      <translation>Nein</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Maximum</source>
      <translation>Maximum</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Minimum</source>
      <translation>Minimum</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Automatic</source>
      <translation>Automatisch</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>The model has no such argument.</source>
      <translation>Das Modell hat kein solches Argument.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>Fixed by the model.</source>
      <translation>Vom Modell festgelegt.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>Model band</source>
      <translation>Modellkanal</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>Raster band</source>
      <translation>Rasterkanal</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>(not found: choose one)</source>
      <translation>(nicht gefunden: bitte wählen)</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>{band} ({how})</source>
      <translation>{band} ({how})</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_answer.py" />
      <source>Remote model: it is downloaded and read when the run starts.</source>
      <translation>Entferntes Modell: Es wird zu Beginn des Laufs heruntergeladen und gelesen.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_answer.py" />
      <source>Checked with the first of several rasters: {raster}.</source>
      <translation>Geprüft mit dem ersten von mehreren Rastern: {raster}.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>The model cannot run:</source>
      <translation>Das Modell ist nicht ausführbar:</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Allow this model's code…</source>
      <translation>Code dieses Modells erlauben…</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Problem with the raster:</source>
      <translation>Problem mit dem Raster:</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Values do not match: raster {range}, model {trained}. The map is probably wrong. If the units agree:</source>
      <translation>Die Werte passen nicht: Raster {range}, Modell {trained}. Die Karte ist vermutlich falsch. Bei gleichen Einheiten:</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Set input scale to {scale}</source>
      <translation>Faktor der Eingabe auf {scale} setzen</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Set input scale to {scale} and input offset to {offset}</source>
      <translation>Faktor der Eingabe auf {scale} und Versatz der Eingabe auf {offset} setzen</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Runs with</source>
      <translation>Läuft mit</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>{width} x {height} pixels</source>
      <translation>{width} x {height} Pixel</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Tile</source>
      <translation>Kachel</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>{count} pixels</source>
      <translation>{count} Pixel</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>This file has no metadata; bands and classes will be numbered.</source>
      <translation>Diese Datei hat keine Metadaten; Kanäle und Klassen werden nummeriert.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Framework</source>
      <translation>Framework</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Raster function</source>
      <translation>Rasterfunktion</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>Without effect</source>
      <translation>Ohne Wirkung</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <location filename="../inference/describe/sections.py" />
      <source>and {count} more</source>
      <translation>und {count} weitere</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>{name}, {size} MB</source>
      <translation>{name}, {size} MB</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_runtime.py" />
      <source>{runtime} {version} on {devices}</source>
      <translation>{runtime} {version} auf {devices}</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>it is not installed</source>
      <translation>es ist nicht installiert</translation>
    </message>
    <message>
      <location filename="../ui/dialog/recent_models.py" />
      <source>Recent models and favourites</source>
      <translation>Zuletzt verwendete Modelle und Favoriten</translation>
    </message>
    <message>
      <location filename="../ui/dialog/table_field.py" />
      <source>Choose a model first.</source>
      <translation>Wählen Sie zuerst ein Modell.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/table_field.py" />
      <source>Edit in a table</source>
      <translation>In einer Tabelle bearbeiten</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Cache</source>
      <translation>Cache</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Calculating size…</source>
      <translation>Größe wird berechnet …</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Clear</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Unpacked packages and downloaded files. Safe to clear; recreated when needed.</source>
      <translation>Entpackte Pakete und heruntergeladene Dateien. Leeren ist gefahrlos; bei Bedarf werden sie neu angelegt.</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Calculate the cache size</source>
      <translation>Größe des Caches berechnen</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>A classification is using the cache. Clear it after the run has ended.</source>
      <translation>Eine Klassifizierung benutzt gerade den Cache. Leeren Sie ihn nach dem Ende des Laufs.</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Clear the cache</source>
      <translation>Cache leeren</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Nothing was removed: {reason}</source>
      <translation>Nichts wurde entfernt: {reason}</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>{size} freed.</source>
      <translation>{size} freigegeben.</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Kept:</source>
      <translation>Behalten wurde:</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>pip failed. See the last lines of the log.</source>
      <translation>pip ist fehlgeschlagen. Siehe die letzten Zeilen des Protokolls.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>This Python has no pip. On Debian and Ubuntu, install it with:  sudo apt install python3-pip  (on Fedora:  sudo dnf install python3-pip), then try again.</source>
      <translation>Dieses Python hat kein pip. Installieren Sie es unter Debian und Ubuntu mit:  sudo apt install python3-pip  (unter Fedora:  sudo dnf install python3-pip), und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The disk is full. Installing ONNX Runtime needs about 250 MB. Free some space and try again.</source>
      <translation>Der Datenträger ist voll. ONNX Runtime braucht beim Installieren etwa 250 MB. Schaffen Sie Platz, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>Your profile folder is not writable. Check its permissions and try again.</source>
      <translation>Ihr Profilordner ist nicht beschreibbar. Prüfen Sie seine Rechte, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The proxy refused access. Set the environment variable HTTPS_PROXY to your proxy and restart QGIS.</source>
      <translation>Der Proxy hat den Zugriff verweigert. Setzen Sie die Umgebungsvariable HTTPS_PROXY auf Ihren Proxy, und starten Sie QGIS neu.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The certificate of the package index is not trusted. If your network replaces certificates, set the environment variable PIP_CERT to the file of its certificate and restart QGIS.</source>
      <translation>Das Zertifikat des Paketverzeichnisses ist nicht vertrauenswürdig. Wenn Ihr Netzwerk Zertifikate ersetzt, setzen Sie die Umgebungsvariable PIP_CERT auf die Datei seines Zertifikats, und starten Sie QGIS neu.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The package index cannot be reached. Check the network and try again. To install offline, save the wheel in a folder, set PIP_NO_INDEX=1 and PIP_FIND_LINKS to that folder, and restart QGIS.</source>
      <translation>Das Paketverzeichnis ist nicht erreichbar. Prüfen Sie das Netzwerk, und versuchen Sie es noch einmal. Zum Installieren ohne Netzwerk speichern Sie das Wheel in einem Ordner, setzen PIP_NO_INDEX=1 und PIP_FIND_LINKS auf diesen Ordner und starten QGIS neu.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>pip found no ONNX Runtime for this Python and system. Check the access to the package index; if it works, try a newer QGIS.</source>
      <translation>pip fand für dieses Python und System keine ONNX Runtime. Prüfen Sie den Zugang zum Paketverzeichnis; funktioniert er, versuchen Sie ein neueres QGIS.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>Install {runtime}</source>
      <translation>{runtime} installieren</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>The output of pip appears here.</source>
      <translation>Hier erscheint die Ausgabe von pip.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>Install</source>
      <translation>Installieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>&lt;p&gt;{runtime} runs ONNX networks. This command downloads it from the package index (about {download} MB; {size} MB on disk) without dependencies; no other package changes. If the installation succeeds, it is moved to a folder of your profile that only this plugin uses:&lt;br&gt;&lt;b&gt;{folder}&lt;/b&gt;&lt;/p&gt;</source>
      <translation>&lt;p&gt;{runtime} führt ONNX-Netze aus. Dieser Befehl lädt es aus dem Paketverzeichnis herunter (etwa {download} MB; {size} MB auf dem Datenträger), ohne Abhängigkeiten; kein anderes Paket wird verändert. Nach erfolgreicher Installation wird es in einen Ordner Ihres Profils verschoben, den nur diese Erweiterung benutzt:&lt;br&gt;&lt;b&gt;{folder}&lt;/b&gt;&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>{python} could not be started. Run the command in a terminal instead.</source>
      <translation>{python} konnte nicht gestartet werden. Führen Sie den Befehl stattdessen in einem Terminal aus.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>Cancelled. Nothing was installed.</source>
      <translation>Abgebrochen. Nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>pip added a second numpy, which would break that of QGIS. Nothing was installed.</source>
      <translation>pip brachte ein zweites numpy mit, das jenes von QGIS stören würde. Nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>The packages could not be moved to {folder}: {reason}. Nothing was installed.</source>
      <translation>Die Pakete konnten nicht nach {folder} verschoben werden: {reason}. Nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>Installed in {folder}. No restart is needed.</source>
      <translation>In {folder} installiert. Ein Neustart ist nicht nötig.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_cluster.py" />
      <source>Cluster</source>
      <translation>Rechnerverbund</translation>
    </message>
    <message>
      <location filename="../ui/options/options_cluster.py" />
      <source>Dask scheduler</source>
      <translation>Dask-Scheduler</translation>
    </message>
    <message>
      <location filename="../ui/options/options_cluster.py" />
      <source>Place of strips</source>
      <translation>Ort der Streifen</translation>
    </message>
    <message>
      <location filename="../ui/options/options_cluster.py" />
      <source>The environment variable {names} is used instead of what stands here.</source>
      <translation>Die Umgebungsvariable {names} gilt anstelle dieser Angabe.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>Allowed raster functions</source>
      <translation>Erlaubte Rasterfunktionen</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>One SHA-256 per line</source>
      <translation>Eine SHA-256 je Zeile</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>Ignored, not a SHA-256 (64 hexadecimal digits): {text}</source>
      <translation>Ignoriert, keine SHA-256 (64 hexadezimale Ziffern): {text}</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>The Python code of these models runs with all your permissions. Only allow models you trust. The SHA-256 is shown when a model is blocked.</source>
      <translation>Der Python-Code dieser Modelle läuft mit all Ihren Rechten. Erlauben Sie nur Modelle, denen Sie vertrauen. Die SHA-256 wird angezeigt, wenn ein Modell blockiert wird.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>The environment variable {name} allows further models.</source>
      <translation>Die Umgebungsvariable {name} erlaubt weitere Modelle.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>ArcGIS portal</source>
      <translation>ArcGIS-Portal</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>The address must begin with https:// or http://.</source>
      <translation>Die Adresse muss mit https:// oder http:// beginnen.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>Address</source>
      <translation>Adresse</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>Sign in with</source>
      <translation>Anmelden mit</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>Overridden by the environment: {names}.</source>
      <translation>Von der Umgebung überschrieben: {names}.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>Data stores</source>
      <translation>Datenspeicher</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>Folder or /vsi prefix</source>
      <translation>Ordner oder /vsi-Präfix</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>Locations of the paths /rasterStores/NAME/…, /fileShares/NAME/… and /cloudStores/NAME/…</source>
      <translation>Orte der Pfade /rasterStores/NAME/…, /fileShares/NAME/… und /cloudStores/NAME/…</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>The environment variable {name} also defines {stores}.</source>
      <translation>Die Umgebungsvariable {name} definiert außerdem {stores}.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Runtimes</source>
      <translation>Laufzeitbibliotheken</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Choose a Python interpreter</source>
      <translation>Python-Interpreter wählen</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Install {runtime}…</source>
      <translation>{runtime} installieren …</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Check Again</source>
      <translation>Erneut prüfen</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Python with PyTorch</source>
      <translation>Python mit PyTorch</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>QGIS's own</source>
      <translation>Das von QGIS</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>PyTorch networks can run in a separate process with the Python of a virtual or conda environment. Choose that Python or the environment's folder; it needs numpy and torch.</source>
      <translation>PyTorch-Netze können in einem eigenen Prozess mit dem Python einer virtuellen oder conda-Umgebung laufen. Wählen Sie dieses Python oder den Ordner der Umgebung; darin müssen numpy und torch installiert sein.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>This Python cannot run PyTorch networks. Install torch there, or leave the field empty.</source>
      <translation>Dieses Python kann keine PyTorch-Netze ausführen. Installieren Sie dort torch, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>QGIS's own Python has {runtime}, which takes precedence.</source>
      <translation>Das Python von QGIS hat selbst {runtime}; dieses hat Vorrang.</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Your profile folder is not writable: {reason}</source>
      <translation>Ihr Profilordner ist nicht beschreibbar: {reason}</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Set by the environment variable {name}: {value}</source>
      <translation>Durch die Umgebungsvariable {name} gesetzt: {value}</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_survey.py" />
      <source>{python} could not be started</source>
      <translation>{python} konnte nicht gestartet werden</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>Devices</source>
      <translation>Geräte</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>Location</source>
      <translation>Ort</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>checking…</source>
      <translation>wird geprüft …</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>cannot start</source>
      <translation>startet nicht</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>not found</source>
      <translation>nicht gefunden</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>external</source>
      <translation>extern</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Hectares</source>
      <translation>Hektar</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Areas of the classes</source>
      <translation>Flächen der Klassen</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Copy the table as text</source>
      <translation>Tabelle als Text kopieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Save as CSV…</source>
      <translation>Als CSV speichern…</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Save areas</source>
      <translation>Flächen speichern</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>CSV files</source>
      <translation>CSV-Dateien</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>The file {file} cannot be written: {reason}.</source>
      <translation>Die Datei {file} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../ui/panel/area_table.py" />
      <source>Share (%)</source>
      <translation>Anteil (%)</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Find models</source>
      <translation>Modelle suchen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Add…</source>
      <translation>Hinzufügen…</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Load a list…</source>
      <translation>Liste laden…</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Words in the name or description; empty for all models</source>
      <translation>Wörter in Name oder Beschreibung; leer für alle Modelle</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Search</source>
      <translation>Suchen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Download</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Cancelled. What has arrived is kept; Download continues there.</source>
      <translation>Abgebrochen. Das Angekommene bleibt erhalten; Herunterladen setzt dort fort.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Catalogue</source>
      <translation>Katalog</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Add the address of a catalogue first. The list is yours; the plugin brings none.</source>
      <translation>Fügen Sie zuerst die Adresse eines Katalogs hinzu. Die Liste ist Ihre eigene; die Erweiterung bringt keine mit.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Load a list of catalogues</source>
      <translation>Liste von Katalogen laden</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Lists (*.json)</source>
      <translation>Listen (*.json)</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Searching…</source>
      <translation>Suche läuft…</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Reading the files of {model}…</source>
      <translation>Dateien von {model} werden gelesen…</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Downloading {model}…</source>
      <translation>{model} wird heruntergeladen…</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Downloaded: {file}</source>
      <translation>Heruntergeladen: {file}</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>size unknown</source>
      <translation>Größe unbekannt</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>{count} models found.</source>
      <translation>{count} Modelle gefunden.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>No model was found.</source>
      <translation>Es wurde kein Modell gefunden.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>{count} parts of the catalogue could not be read.</source>
      <translation>{count} Teile des Katalogs konnten nicht gelesen werden.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>The search ended at its limit; there may be more models. Add a part of the catalogue by its address.</source>
      <translation>Die Suche endete an ihrer Grenze; es kann weitere Modelle geben. Fügen Sie einen Teil des Katalogs mit seiner Adresse hinzu.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Licence: {licence}</source>
      <translation>Lizenz: {licence}</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>not stated</source>
      <translation>nicht angegeben</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>From: {address}</source>
      <translation>Von: {address}</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>Its weights are compared with the SHA-256 of the catalogue.</source>
      <translation>Seine Gewichte werden mit dem SHA-256 des Katalogs verglichen.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_dialog.py" />
      <source>The catalogue states no SHA-256 of the weights to compare with.</source>
      <translation>Der Katalog nennt keinen SHA-256 der Gewichte zum Vergleich.</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>Add a catalogue</source>
      <translation>Katalog hinzufügen</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>https://example.org/catalog.json</source>
      <translation>https://example.org/catalog.json</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>STAC catalogue with the MLM extension: address or file</source>
      <translation>STAC-Katalog mit der MLM-Erweiterung: Adresse oder Datei</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>Repositories as of Hugging Face: host, or host/owner/name</source>
      <translation>Repositorys wie bei Hugging Face: Server, oder Server/Eigentümer/Name</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>Kind</source>
      <translation>Art</translation>
    </message>
    <message>
      <location filename="../ui/panel/catalog_form.py" />
      <source>Sign-in</source>
      <translation>Anmeldung</translation>
    </message>
    <message>
      <location filename="../ui/panel/classification_task.py" />
      <source>Classify {raster}</source>
      <translation>{raster} klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/classification_task.py" />
      <source>The run ended with an unexpected error: {error}. See the tab {tab} of the QGIS log for details.</source>
      <translation>Der Lauf endete mit einem unerwarteten Fehler: {error}. Einzelheiten stehen im Protokoll von QGIS im Reiter {tab}.</translation>
    </message>
    <message>
      <location filename="../ui/panel/compare_bar.py" />
      <source>Compare</source>
      <translation>Vergleichen</translation>
    </message>
    <message>
      <location filename="../ui/panel/compare_bar.py" />
      <source>Hide the result to see the raster below it</source>
      <translation>Ergebnis ausblenden, um das Raster darunter zu sehen</translation>
    </message>
    <message>
      <location filename="../ui/panel/compare_bar.py" />
      <source>Opacity of the result</source>
      <translation>Deckkraft des Ergebnisses</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>Interrupted classifications: {count}. They can be resumed.</source>
      <translation>Unterbrochene Klassifizierungen: {count}. Sie können fortgesetzt werden.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>Show</source>
      <translation>Anzeigen</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_body.py" />
      <source>The result {file} cannot be opened: it was moved, removed or changed.</source>
      <translation>Das Ergebnis {file} kann nicht geöffnet werden: Es wurde verschoben, entfernt oder verändert.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_body.py" />
      <source>The report cannot be written: {reason}.</source>
      <translation>Der Bericht kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_body.py" />
      <source>The classification failed.</source>
      <translation>Die Klassifizierung ist fehlgeschlagen.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_entry.py" />
      <source>Classify Pixels Panel</source>
      <translation>Bedienfeld Classify Pixels</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_entry.py" />
      <source>Classify Pixels Using Deep Learning…</source>
      <translation>Pixel mit Deep Learning klassifizieren …</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_entry.py" />
      <source>Load the Sample</source>
      <translation>Beispiel laden</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_entry.py" />
      <source>Some jobs or models of this profile could not be read and are ignored. See the QGIS log.</source>
      <translation>Einige Aufträge oder Modelle dieses Profils konnten nicht gelesen werden und werden ignoriert. Siehe das Protokoll von QGIS.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>[Folder of the project or the raster]</source>
      <translation>[Ordner des Projekts oder des Rasters]</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Folder for results. Default: that of the project, otherwise of the raster, otherwise your documents.</source>
      <translation>Ordner für Ergebnisse. Vorgabe: der des Projekts, sonst der des Rasters, sonst Ihre Dokumente.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>[None]</source>
      <translation>[Keiner]</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Choose or draw an area</source>
      <translation>Bereich wählen oder zeichnen</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Classify</source>
      <translation>Klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Classify the area</source>
      <translation>Den Bereich klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Preview</source>
      <translation>Vorschau</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Classify {size} x {size} cells in the middle of the map and show them there, without a file</source>
      <translation>{size} x {size} Zellen in der Kartenmitte klassifizieren und dort anzeigen, ohne Datei</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Load the sample</source>
      <translation>Beispiel laden</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Add the sample scene to the map and choose its model</source>
      <translation>Die Beispielszene zur Karte hinzufügen und ihr Modell wählen</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Classify visible extent</source>
      <translation>Sichtbare Ausdehnung klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Classify layer</source>
      <translation>Layer klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>All options: open the dialog of the algorithm with this raster and model</source>
      <translation>Alle Optionen: Dialog des Algorithmus mit diesem Raster und Modell öffnen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_report.py" />
      <source>Raster</source>
      <translation>Raster</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>Save to</source>
      <translation>Speichern in</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>A web map has no fixed cell size. Classify the visible extent instead.</source>
      <translation>Eine Webkarte hat keine feste Zellgröße. Klassifizieren Sie stattdessen die sichtbare Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Job</source>
      <translation>Auftrag</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_report.py" />
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Waiting</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Running</source>
      <translation>Läuft</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Cancelling</source>
      <translation>Wird abgebrochen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Finished</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Failed</source>
      <translation>Fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Cancelled</source>
      <translation>Abgebrochen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Interrupted</source>
      <translation>Unterbrochen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>{percent}, {time} left</source>
      <translation>{percent}, noch {time}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Finished with warnings</source>
      <translation>Mit Warnungen abgeschlossen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>State: {state}</source>
      <translation>Zustand: {state}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Raster: {raster} ({part})</source>
      <translation>Raster: {raster} ({part})</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Model: {model}</source>
      <translation>Modell: {model}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Result: {output}</source>
      <translation>Ergebnis: {output}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Submitted: {time}</source>
      <translation>Eingereicht: {time}</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Result</source>
      <translation>Ergebnis</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_report.py" />
      <source>Submitted</source>
      <translation>Eingereicht</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Messages of the selected job</source>
      <translation>Meldungen des gewählten Auftrags</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Areas</source>
      <translation>Flächen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Retry</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Open result</source>
      <translation>Ergebnis öffnen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Show folder</source>
      <translation>Ordner anzeigen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Open report</source>
      <translation>Bericht öffnen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Remove from list (keeps the result, deletes partial files)</source>
      <translation>Aus der Liste entfernen (Ergebnis bleibt, unfertige Dateien werden gelöscht)</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Resume</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <location filename="../ui/panel/layer_action.py" />
      <source>Classify…</source>
      <translation>Klassifizieren…</translation>
    </message>
    <message>
      <location filename="../ui/panel/layer_choice.py" />
      <source>Also classify</source>
      <translation>Auch klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/layer_choice.py" />
      <source>Classify further layers with the same model</source>
      <translation>Weitere Layer mit demselben Modell klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_list.py" />
      <source>{model} (missing)</source>
      <translation>{model} (fehlt)</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Mark this model as a favourite</source>
      <translation>Dieses Modell als Favorit markieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Remove this model from the list (keeps the file)</source>
      <translation>Dieses Modell aus der Liste entfernen (Datei bleibt)</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Choose a model file</source>
      <translation>Modelldatei wählen</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Find models in a catalogue</source>
      <translation>Modelle in einem Katalog suchen</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Choose a model file (.emd, .dlpk, .onnx or .pt).</source>
      <translation>Wählen Sie eine Modelldatei (.emd, .dlpk, .onnx oder .pt).</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Choose a model</source>
      <translation>Modell wählen</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>{classes} classes, {bands} bands: {names}</source>
      <translation>{classes} Klassen, {bands} Kanäle: {names}</translation>
    </message>
    <message>
      <location filename="../ui/panel/settings_box.py" />
      <source>Bands, scale and arguments</source>
      <translation>Kanäle, Skalierung und Argumente</translation>
    </message>
    <message>
      <location filename="../ui/panel/settings_box.py" />
      <source>that of the raster</source>
      <translation>wie im Raster</translation>
    </message>
    <message>
      <location filename="../ui/panel/settings_box.py" />
      <source>In units of the raster's CRS, or the path of a raster with this cell size</source>
      <translation>In Einheiten des KBS des Rasters, oder der Pfad eines Rasters mit dieser Zellgröße</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Install…</source>
      <translation>Installieren…</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Ignore</source>
      <translation>Ignorieren</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Classify nevertheless</source>
      <translation>Trotzdem klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Ignore: {check}</source>
      <translation>Ignorieren: {check}</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Scale by {scale}</source>
      <translation>Mit {scale} skalieren</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>Scale by {scale}, offset {offset}</source>
      <translation>Mit {scale} skalieren, Versatz {offset}</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>ignored</source>
      <translation>ignoriert</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Values</source>
      <translation>Werte</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>passed</source>
      <translation>bestanden</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>failed</source>
      <translation>fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>not known before the run</source>
      <translation>vor dem Lauf nicht bekannt</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>{columns} x {rows} pixels</source>
      <translation>{columns} x {rows} Pixel</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>up to {size}</source>
      <translation>bis zu {size}</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>time known after the first run</source>
      <translation>Dauer nach dem ersten Lauf bekannt</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>about {time}</source>
      <translation>etwa {time}</translation>
    </message>
    <message>
      <location filename="../ui/preflight.py" />
      <source>memory about {size}</source>
      <translation>Speicher etwa {size}</translation>
    </message>
    <message>
      <location filename="../ui/preflight_checks.py" />
      <source>{raster}: {check}</source>
      <translation>{raster}: {check}</translation>
    </message>
    <message>
      <location filename="../ui/preview/live_preview.py" />
      <source>No preview: choose a raster and a model, and move the map to the raster.</source>
      <translation>Keine Vorschau: Wählen Sie ein Raster und ein Modell, und verschieben Sie die Karte zum Raster.</translation>
    </message>
    <message>
      <location filename="../ui/preview/live_preview.py" />
      <source>Preview is being computed…</source>
      <translation>Vorschau wird berechnet…</translation>
    </message>
    <message>
      <location filename="../ui/preview/live_preview.py" />
      <source>The preview failed.</source>
      <translation>Die Vorschau ist fehlgeschlagen.</translation>
    </message>
    <message>
      <location filename="../ui/preview/live_preview.py" />
      <source>Preview: {columns} x {rows} cells in {seconds} s</source>
      <translation>Vorschau: {columns} x {rows} Zellen in {seconds} s</translation>
    </message>
    <message>
      <location filename="../ui/preview/preview_task.py" />
      <source>Preview {raster}</source>
      <translation>Vorschau von {raster}</translation>
    </message>
    <message>
      <location filename="../ui/style_action.py" />
      <source>Style with the model's classes</source>
      <translation>Mit den Klassen des Modells gestalten</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/allocation.py" />
      <source>a standard error of {target} needs {count} points</source>
      <translation>ein Standardfehler von {target} braucht {count} Punkte</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/allocation.py" />
      <source>{count} points are too many</source>
      <translation>{count} Punkte sind zu viele</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/sampling.py" />
      <source>{count} points are too few</source>
      <translation>{count} Punkte sind zu wenige</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/allocation.py" />
      <source>{total} points are not enough for {minimum} in each of {count} classes</source>
      <translation>{total} Punkte reichen nicht für {minimum} in jeder von {count} Klassen</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>User's accuracy</source>
      <translation>Nutzergenauigkeit</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Producer's accuracy</source>
      <translation>Produzentengenauigkeit</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Total</source>
      <translation>Summe</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Accuracy of {map}</source>
      <translation>Genauigkeit von {map}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Map</source>
      <translation>Karte</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Samples</source>
      <translation>Stichproben</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Sampling design</source>
      <translation>Stichprobenplan</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>The matrices of {count} classes are in the JSON and CSV files.</source>
      <translation>Die Matrizen von {count} Klassen stehen in den JSON- und CSV-Dateien.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Confusion matrix: numbers of samples</source>
      <translation>Konfusionsmatrix: Anzahl der Stichproben</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Error matrix: shares of the area</source>
      <translation>Fehlermatrix: Anteile an der Fläche</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>F1</source>
      <translation>F1</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>IoU</source>
      <translation>IoU</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>User's accuracy (area)</source>
      <translation>Nutzergenauigkeit (Fläche)</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Producer's accuracy (area)</source>
      <translation>Produzentengenauigkeit (Fläche)</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Mapped area (ha)</source>
      <translation>Kartierte Fläche (ha)</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Estimated area (ha)</source>
      <translation>Geschätzte Fläche (ha)</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Estimated share</source>
      <translation>Geschätzter Anteil</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>User's accuracy: the share of a mapped class that is right on the ground.</source>
      <translation>Nutzergenauigkeit: der Anteil einer kartierten Klasse, der am Boden richtig ist.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Producer's accuracy: the share of a class on the ground that the map shows.</source>
      <translation>Produzentengenauigkeit: der Anteil einer Klasse am Boden, den die Karte zeigt.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Numbers of the area weight each stratum by its true area; ± is half the width of the 95 % confidence interval (1.96 standard errors), – an undefined number.</source>
      <translation>Zahlen der Fläche gewichten jedes Stratum mit seiner wahren Fläche; ± ist die halbe Breite des 95-%-Konfidenzintervalls (1,96 Standardfehler), – eine undefinierte Zahl.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Method: Olofsson et al. 2014, Remote Sensing of Environment 148; Stehman 2014 for other strata.</source>
      <translation>Methode: Olofsson et al. 2014, Remote Sensing of Environment 148; Stehman 2014 für andere Strata.</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/html.py" />
      <source>Map \ Reference</source>
      <translation>Karte \ Referenz</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>it has the value {value}</source>
      <translation>es hat den Wert {value}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>it is not on a regular grid; warp it to a CRS first</source>
      <translation>es liegt nicht auf einem regelmäßigen Gitter; transformieren Sie es zuerst in ein KBS</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>{raster} and the map are on different grids, and one of them has no CRS</source>
      <translation>{raster} und die Karte liegen auf verschiedenen Gittern, und eines davon hat kein KBS</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>its grid is not that of the map; save it as a file first</source>
      <translation>sein Gitter ist nicht das der Karte; speichern Sie es zuerst als Datei</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>it has {count} bands</source>
      <translation>es hat {count} Kanäle</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>its band has the scale {scale} and the offset {offset}</source>
      <translation>sein Kanal hat den Maßstab {scale} und den Versatz {offset}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/map_reading.py" />
      <source>it has more than {count} values</source>
      <translation>es hat mehr als {count} Werte</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/numbers_per_class.py" />
      <source>{part} is not a number</source>
      <translation>{part} ist keine Zahl</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/numbers_per_class.py" />
      <source>{number} is not a number from 0 to {most}</source>
      <translation>{number} ist keine Zahl von 0 bis {most}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/numbers_per_class.py" />
      <source>{number} is not a whole number from 0 to {most}</source>
      <translation>{number} ist keine ganze Zahl von 0 bis {most}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/numbers_per_class.py" />
      <source>a class appears twice</source>
      <translation>eine Klasse kommt zweimal vor</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/numbers_per_class.py" />
      <source>a number has no class</source>
      <translation>eine Zahl hat keine Klasse</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/references.py" />
      <source>the reference {reference} has a CRS, but the map has none</source>
      <translation>die Referenz {reference} hat ein KBS, die Karte aber keines</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/references.py" />
      <source>the map has a CRS, but the reference {reference} has none</source>
      <translation>die Karte hat ein KBS, die Referenz {reference} aber keines</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/sampling.py" />
      <source>it has no valid pixel</source>
      <translation>es hat kein gültiges Pixel</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/sampling.py" />
      <source>the map has no class {value}</source>
      <translation>die Karte hat keine Klasse {value}</translation>
    </message>
    <message>
      <location filename="../inference/accuracy/sampling.py" />
      <source>the class {name} is missing</source>
      <translation>die Klasse {name} fehlt</translation>
    </message>
    <message>
      <location filename="../inference/package_model.py" />
      <source>other than 0</source>
      <translation>ungleich 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/bands/channels.py" />
      <source>one number or {count} (one per band of the model)</source>
      <translation>eine Zahl sein oder {count} (eine je Kanal des Modells)</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>the model has {count} bands</source>
      <translation>das Modell hat {count} Kanäle</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>a model band appears twice</source>
      <translation>ein Kanal des Modells kommt zweimal vor</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>"{part}" is not a raster band</source>
      <translation>"{part}" ist kein Rasterkanal</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>{item} is neither a band number from 1 nor a band name</source>
      <translation>{item} ist weder eine Kanalnummer ab 1 noch ein Kanalname</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it does not identify one band of the model; bands: {known}</source>
      <translation>damit ist kein Kanal des Modells eindeutig bezeichnet; Kanäle: {known}</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it does not identify one band of {raster}; bands: {known}</source>
      <translation>damit ist kein Kanal von {raster} eindeutig bezeichnet; Kanäle: {known}</translation>
    </message>
    <message>
      <location filename="../inference/cluster/batch.py" />
      <source>it is made in the place of the strips; give a plain name that ends in .vrt</source>
      <translation>sie entsteht am Ort der Streifen; geben Sie einen bloßen Namen an, der auf .vrt endet</translation>
    </message>
    <message>
      <location filename="../inference/cluster/settings.py" />
      <source>it is no address with tcp:// or tls://</source>
      <translation>es ist keine Adresse mit tcp:// oder tls://</translation>
    </message>
    <message>
      <location filename="../inference/cluster/settings.py" />
      <source>the file holds no address</source>
      <translation>die Datei enthält keine Adresse</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Pixels at each edge of a tile that are computed but not kept, or auto.</source>
      <translation>Pixel an jeder Kachelseite, die berechnet, aber nicht behalten werden, oder auto.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Number of tiles per call of the network.</source>
      <translation>Anzahl der Kacheln je Aufruf des Netzes.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Width and height of a tile in pixels.</source>
      <translation>Breite und Höhe einer Kachel in Pixeln.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Allow pixels to be classified as background: class 0, or a channel without a listed class.</source>
      <translation>Pixel dürfen als Hintergrund klassifiziert werden: als Klasse 0 oder als Ausgabekanal ohne aufgeführte Klasse.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Average predictions over flipped and rotated tiles (slower, steadier).</source>
      <translation>Mittelt Vorhersagen über gespiegelte und gedrehte Kacheln (langsamer, stabiler).</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Merging of the scores of several orientations: mean, max or min.</source>
      <translation>Zusammenfassung der Scores mehrerer Lagen: mean, max oder min.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Minimum probability for the class (single-output models only).</source>
      <translation>Mindestwahrscheinlichkeit für die Klasse (nur Modelle mit einem einzigen Ausgabekanal).</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Write scores instead of classes.</source>
      <translation>Schreibt Scores anstelle von Klassen.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Compute in 16-bit floats (OpenVINO, or PyTorch on a GPU; faster, less exact).</source>
      <translation>In 16-Bit-Gleitkommazahlen rechnen (OpenVINO, oder PyTorch auf einer Grafikkarte; schneller, weniger genau).</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Library that runs the network: auto, onnxruntime, openvino or torch.</source>
      <translation>Bibliothek, die das Netz ausführt: auto, onnxruntime, openvino oder torch.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Network output to use (name or index from 0). Default: the best match.</source>
      <translation>Zu benutzende Ausgabe des Netzes (Name oder Nummer ab 0). Vorgabe: die am besten passende.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>An argument of the network.</source>
      <translation>Ein Argument des Netzes.</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>image</source>
      <translation>Bild</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>Input axis order</source>
      <translation>Achsenreihenfolge der Eingabe</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>Output axis order</source>
      <translation>Achsenreihenfolge der Ausgabe</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>one score per {times} x {times} pixels</source>
      <translation>ein Score je {times} x {times} Pixel</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>Upsampling</source>
      <translation>Vergrößerung</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>bilinear, {times} times</source>
      <translation>bilinear, {times}-fach</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>constant, from Inputs in the definition: {value}</source>
      <translation>konstant, aus Inputs in der Definition: {value}</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>used</source>
      <translation>benutzt</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>not used</source>
      <translation>nicht benutzt</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>not used: not a map of the image</source>
      <translation>nicht benutzt: keine Karte des Bildes</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the labels or probabilities of a per-pixel classifier</source>
      <translation>die Beschriftungen oder Wahrscheinlichkeiten eines pixelweisen Klassifikators</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Output</source>
      <translation>Ausgabe</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>an empty tile of {tile} pixels returned {sizes}</source>
      <translation>eine leere Kachel von {tile} Pixeln ergab {sizes}</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>unchanged</source>
      <translation>unverändert</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>normalisation is up to the raster function</source>
      <translation>die Normalisierung übernimmt die Rasterfunktion</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>normalised per band, see Bands</source>
      <translation>je Kanal normalisiert, siehe Kanäle</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>from {files} beside the network</source>
      <translation>aus {files} neben dem Netz</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>from the metadata of the network</source>
      <translation>aus den Metadaten des Netzes</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>from the definition; these are the ImageNet statistics</source>
      <translation>aus der Definition; es ist die Statistik von ImageNet</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>from the definition</source>
      <translation>aus der Definition</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the network takes integers from {least} to {most}</source>
      <translation>das Netz nimmt ganze Zahlen von {least} bis {most}</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the network starts with a normalisation</source>
      <translation>das Netz beginnt mit einer Normalisierung</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the values of the training data are unknown</source>
      <translation>die Werte der Trainingsdaten sind unbekannt</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>Output values</source>
      <translation>Ausgabewerte</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>from OutputActivation</source>
      <translation>aus OutputActivation</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the class is the argmax, for logits and probabilities alike</source>
      <translation>die Klasse ist das Argmax, bei Logits wie bei Wahrscheinlichkeiten</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>scores of {count} channels</source>
      <translation>Scores in {count} Ausgabekanälen</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>random images produced values from {lowest} to {highest}</source>
      <translation>Zufallsbilder ergaben Werte von {lowest} bis {highest}</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>logits</source>
      <translation>Logits</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>probabilities</source>
      <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the usual meaning of a single channel</source>
      <translation>die übliche Bedeutung eines einzelnen Ausgabekanals</translation>
    </message>
    <message>
      <location filename="../inference/describe/choices.py" />
      <source>the values are integers</source>
      <translation>die Werte sind ganze Zahlen</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>class numbers</source>
      <translation>Klassennummern</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied: the network receives tiles with the raster's cells, normalised as described here.</source>
      <translation>Nicht angewandt: Das Netz erhält Kacheln mit den Zellen des Rasters, normalisiert wie hier beschrieben.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not run; the network runs without it.</source>
      <translation>Nicht ausgeführt; das Netz läuft ohne sie.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied: the network receives the raster's values.</source>
      <translation>Nicht angewandt: Das Netz erhält die Werte des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied. Set Input scale and Input offset instead.</source>
      <translation>Nicht angewandt. Setzen Sie stattdessen Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied: the result contains the classes that the network returns.</source>
      <translation>Nicht angewandt: Das Ergebnis enthält die Klassen, die das Netz liefert.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Nothing is resized: the network receives tiles of its size with the raster's cells.</source>
      <translation>Keine Größenänderung: Das Netz erhält Kacheln seiner Größe mit den Zellen des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied: only norm_type clip uses it.</source>
      <translation>Nicht angewandt: Nur der norm_type clip benutzt ihn.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Not applied: NoData is replaced with 0 before normalisation.</source>
      <translation>Nicht angewandt: NoData wird vor der Normalisierung durch 0 ersetzt.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Unknown key, ignored.</source>
      <translation>Unbekannter Schlüssel, ignoriert.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>{function} is blocked. If you trust its author, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>{function} ist blockiert. Wenn Sie dem Autor vertrauen, fügen Sie die SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen der Erweiterung hinzu oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Shape</source>
      <translation>Form</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Type</source>
      <translation>Typ</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Use</source>
      <translation>Verwendung</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Position</source>
      <translation>Position</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Band</source>
      <translation>Kanal</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Wavelength (µm)</source>
      <translation>Wellenlänge (µm)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Inputs of the network</source>
      <translation>Eingaben des Netzes</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Outputs of the network</source>
      <translation>Ausgaben des Netzes</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Settings of the run</source>
      <translation>Einstellungen des Laufs</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Setting</source>
      <translation>Einstellung</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Reason</source>
      <translation>Begründung</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Arguments</source>
      <translation>Argumente</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Meaning</source>
      <translation>Bedeutung</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Ignored keys</source>
      <translation>Ignorierte Schlüssel</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Key</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Described by</source>
      <translation>Beschrieben durch</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Weights</source>
      <translation>Gewichte</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Stride</source>
      <translation>Schrittweite</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Problem</source>
      <translation>Problem</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Input</source>
      <translation>Eingabe</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Value range</source>
      <translation>Wertebereich</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Outputs</source>
      <translation>Ausgaben</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{file} ({size} MiB)</source>
      <translation>{file} ({size} MiB)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{file} ({size} KiB)</source>
      <translation>{file} ({size} KiB)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels {reason}</source>
      <translation>{pixels} Pixel {reason}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels (from the definition)</source>
      <translation>{pixels} Pixel (aus der Definition)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels (from the raster function)</source>
      <translation>{pixels} Pixel (aus der Rasterfunktion)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels (fixed by the network)</source>
      <translation>{pixels} Pixel (vom Netz festgelegt)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels (chosen for the padding)</source>
      <translation>{pixels} Pixel (passend zum Rand gewählt)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels (default; could not be determined)</source>
      <translation>{pixels} Pixel (Vorgabe; nicht bestimmbar)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{sizes} metres on the ground</source>
      <translation>{sizes} Meter am Boden</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{sizes} in units of the CRS {wkid}</source>
      <translation>{sizes} in Einheiten des KBS {wkid}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>batches of {batch}, {bands} bands, {width} x {height} pixels ({layout}; ?: any size)</source>
      <translation>Batches zu {batch}, {bands} Kanäle, {width} x {height} Pixel ({layout}; ?: beliebige Größe)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>integers from {least} to {most}</source>
      <translation>ganze Zahlen von {least} bis {most}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{names}; default: {used} (argument: output)</source>
      <translation>{names}; Vorgabe: {used} (Argument: output)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{channels} channels of scores; the class is their argmax</source>
      <translation>{channels} Ausgabekanäle mit Scores; die Klasse ist ihr Argmax</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>one channel of logits; {name} if the sigmoid is above the threshold</source>
      <translation>ein Ausgabekanal mit Logits; {name}, wenn das Sigmoid über dem Schwellenwert liegt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>one channel of scores; {name} if above the threshold</source>
      <translation>ein Ausgabekanal mit Scores; {name} über dem Schwellenwert</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{default} (fixed)</source>
      <translation>{default} (fest)</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_file.py" />
      <source>set only once</source>
      <translation>nur einmal gesetzt sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>true or false</source>
      <translation>true oder false sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>a number from 0 to 1</source>
      <translation>eine Zahl von 0 bis 1 sein</translation>
    </message>
    <message>
      <location filename="../inference/models/arguments.py" />
      <location filename="../inference/models/keys.py" />
      <source>an integer from {least} to {most}</source>
      <translation>eine ganze Zahl von {least} bis {most} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/arguments.py" />
      <source>{value} (fixed by the model)</source>
      <translation>{value} sein (vom Modell festgelegt)</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>they are neither rows nor JSON</source>
      <translation>sie sind weder Zeilen noch JSON</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>{count} cells do not form rows of {columns}</source>
      <translation>{count} Zellen ergeben keine Zeilen zu {columns}</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>the row {row} has more than {columns} cells</source>
      <translation>die Zeile {row} hat mehr als {columns} Zellen</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_classes.py" />
      <source>at most {most} classes</source>
      <translation>höchstens {most} Klassen enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>a list of classes with distinct values</source>
      <translation>eine Liste von Klassen mit verschiedenen Werten sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>an object</source>
      <translation>ein Objekt sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>an integer</source>
      <translation>eine ganze Zahl sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_classes.py" />
      <source>three numbers from 0 to 255</source>
      <translation>drei Zahlen von 0 bis 255 enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_file.py" />
      <source>its JSON is not an object</source>
      <translation>ihr JSON ist kein Objekt</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_file.py" />
      <source>band numbers from 0, or band names</source>
      <translation>Kanalnummern ab 0 oder Kanalnamen enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_file.py" />
      <source>sigmoid, softmax, none or argmax</source>
      <translation>sigmoid, softmax, none oder argmax sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_inputs.py" />
      <source>a divisor of the {bands} bands in ExtractBands</source>
      <translation>ein Teiler der {bands} Kanäle in ExtractBands sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_inputs.py" />
      <source>at most {most} numbers</source>
      <translation>höchstens {most} Zahlen enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_inputs.py" />
      <source>a number, or lists of numbers of equal length</source>
      <translation>eine Zahl oder gleich lange Listen von Zahlen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_network.py" />
      <source>a list of channels from 0</source>
      <translation>eine Liste von Ausgabekanälen ab 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_network.py" />
      <source>a list of small numbers</source>
      <translation>eine Liste kleiner Zahlen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_statistics.py" />
      <source>different from band_min_values</source>
      <translation>von band_min_values verschieden sein</translation>
    </message>
    <message>
      <location filename="../inference/models/onnx_metadata.py" />
      <source>a list of numbers other than 0</source>
      <translation>eine Liste von Zahlen ungleich 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_statistics.py" />
      <source>set together with NormalizationStats</source>
      <translation>zusammen mit NormalizationStats gesetzt sein</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>a list of {bands} numbers</source>
      <translation>eine Liste von {bands} Zahlen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_statistics.py" />
      <source>a list with a number for each of the bands {bands}</source>
      <translation>eine Liste mit einer Zahl für jeden der Kanäle {bands} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>it returns {channels} channels, but {file} lists {classes} classes</source>
      <translation>es liefert {channels} Ausgabekanäle, aber {file} führt {classes} Klassen auf</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>numbers other than 0</source>
      <translation>Zahlen ungleich 0 enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>a list</source>
      <translation>eine Liste sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>a number from {least} to {most}</source>
      <translation>eine Zahl von {least} bis {most} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>a number from {least}</source>
      <translation>eine Zahl ab {least} sein</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_values.py" />
      <source>a number</source>
      <translation>eine Zahl sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>a list of numbers</source>
      <translation>eine Liste von Zahlen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/keys.py" />
      <source>an integer from {least}</source>
      <translation>eine ganze Zahl ab {least} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/model.py" />
      <source>it is larger than {size} MB</source>
      <translation>es ist größer als {size} MB</translation>
    </message>
    <message>
      <location filename="../inference/models/model.py" />
      <source>its text is not UTF-8; save it as UTF-8</source>
      <translation>ihr Text ist nicht UTF-8-kodiert; speichern Sie sie als UTF-8</translation>
    </message>
    <message>
      <location filename="../inference/models/model_file.py" />
      <source>a Git LFS pointer</source>
      <translation>ein Verweis von Git LFS</translation>
    </message>
    <message>
      <location filename="../inference/models/model_file.py" />
      <source>a web page</source>
      <translation>eine Webseite</translation>
    </message>
    <message>
      <location filename="../inference/models/onnx_metadata.py" />
      <source>an integer up to {most}</source>
      <translation>eine ganze Zahl bis {most} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/onnx_metadata.py" />
      <source>names of the classes 0, 1, 2 and so on</source>
      <translation>die Namen der Klassen 0, 1, 2 und so weiter enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>Choose a pixel classification (ImageClassification) model.</source>
      <translation>Wählen Sie ein Modell zur Pixelklassifizierung (ImageClassification).</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>Change detection runs in ArcGIS Pro (Detect Change Using Deep Learning) or in the library that trained it.</source>
      <translation>Veränderungserkennung läuft in ArcGIS Pro (Detect Change Using Deep Learning) oder in der Bibliothek, mit der das Modell trainiert wurde.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>Instance segmentation runs in ArcGIS Pro (Detect Objects Using Deep Learning) or in the library that trained it; for a class map, train a semantic segmentation model.</source>
      <translation>Instanzsegmentierung läuft in ArcGIS Pro (Detect Objects Using Deep Learning) oder in der Bibliothek, mit der das Modell trainiert wurde; für eine Klassenkarte trainieren Sie ein Modell zur semantischen Segmentierung.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>Object detection runs in ArcGIS Pro (Detect Objects Using Deep Learning) and, for YOLO networks in ONNX, in the QGIS plugin Deepness; here, choose a pixel classification (ImageClassification) model.</source>
      <translation>Objekterkennung läuft in ArcGIS Pro (Detect Objects Using Deep Learning) und, bei YOLO-Netzen in ONNX, in der QGIS-Erweiterung Deepness; wählen Sie hier ein Modell zur Pixelklassifizierung (ImageClassification).</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>It classifies a whole image or object; it runs in ArcGIS Pro (Classify Objects Using Deep Learning) or in the library that trained it. Choose a model that classifies each pixel.</source>
      <translation>Es klassifiziert ein ganzes Bild oder Objekt; es läuft in ArcGIS Pro (Classify Objects Using Deep Learning) oder in der Bibliothek, mit der es trainiert wurde. Wählen Sie ein Modell, das jedes Pixel klassifiziert.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>Its masks and their classes must be combined. Export it with that step (in transformers: post_process_semantic_segmentation), so that it returns one score per class and pixel.</source>
      <translation>Seine Masken und deren Klassen müssen kombiniert werden. Exportieren Sie es mit diesem Schritt (in transformers: post_process_semantic_segmentation), damit es einen Score je Klasse und Pixel liefert.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>It returns features, not classes. Export it with a segmentation head that was trained on them.</source>
      <translation>Es liefert Merkmale statt Klassen. Exportieren Sie es mit einem darauf trainierten Segmentierungskopf.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>It segments objects that a user points at, without classes. It runs in plugins for Segment Anything, such as Geo-SAM.</source>
      <translation>Es segmentiert Objekte, auf die ein Benutzer zeigt, ohne Klassen. Es läuft in Erweiterungen für Segment Anything wie Geo-SAM.</translation>
    </message>
    <message>
      <location filename="../inference/models/other_task.py" />
      <source>It returns continuous values, not classes. Regression and super-resolution in ONNX run in the QGIS plugin Deepness, others in the library that trained them.</source>
      <translation>Es liefert stetige Werte statt Klassen. Regression und Super-Resolution in ONNX laufen in der QGIS-Erweiterung Deepness, andere Modelle in der Bibliothek, mit der sie trainiert wurden.</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the archive is damaged ({error})</source>
      <translation>das Archiv ist beschädigt ({error})</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it contains {count} .emd files instead of one</source>
      <translation>es enthält {count} .emd-Dateien statt einer</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it changed while being read</source>
      <translation>es hat sich beim Lesen verändert</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it has more than {most} members</source>
      <translation>es hat mehr als {most} Mitglieder</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it is larger than 4 GiB when unpacked</source>
      <translation>es ist entpackt größer als 4 GiB</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it has two members of the same name</source>
      <translation>es hat zwei Mitglieder desselben Namens</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>its members together are a decompression bomb</source>
      <translation>seine Mitglieder zusammen sind eine Dekompressionsbombe</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} is a link or device</source>
      <translation>das Mitglied {member} ist eine Verknüpfung oder ein Gerät</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} is encrypted</source>
      <translation>das Mitglied {member} ist verschlüsselt</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} is a decompression bomb</source>
      <translation>das Mitglied {member} ist eine Dekompressionsbombe</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} leads out of the package</source>
      <translation>das Mitglied {member} verlässt das Paket</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} does not match its header</source>
      <translation>das Mitglied {member} stimmt nicht mit seinem Header überein</translation>
    </message>
    <message>
      <location filename="../inference/models/reference.py" />
      <source>no model is set</source>
      <translation>es ist kein Modell angegeben</translation>
    </message>
    <message>
      <location filename="../inference/models/side_file.py" />
      <source>it is larger than {size} KB</source>
      <translation>es ist größer als {size} KB</translation>
    </message>
    <message>
      <location filename="../inference/models/side_file.py" />
      <source>it is not text ({error})</source>
      <translation>es ist kein Text ({error})</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>{count} bands, the number in the shape</source>
      <translation>{count} Kanäle nennen, wie die Form angibt</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>the names of the bands</source>
      <translation>die Namen der Kanäle enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>absent; only bands are supported</source>
      <translation>fehlen; nur Kanäle werden unterstützt</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>the name of a band</source>
      <translation>der Name eines Kanals sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>one image</source>
      <translation>ein Bild sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>at most {most} bands over all dates</source>
      <translation>höchstens {most} Kanäle über alle Zeitpunkte haben</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>batch, channel, height, width or batch, height, width, channel, with time for several dates, and a shape with as many numbers</source>
      <translation>batch, channel, height, width oder batch, height, width, channel sein, bei mehreren Zeitpunkten mit time, und eine Form mit ebenso vielen Zahlen haben</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>six hexadecimal digits</source>
      <translation>sechs hexadezimale Ziffern haben</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>a list of 1 or {bands} entries</source>
      <translation>eine Liste mit 1 oder {bands} Einträgen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>a list of 1 or {bands} numbers above 0</source>
      <translation>eine Liste mit 1 oder {bands} Zahlen über 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>present, because {key} is {kind}</source>
      <translation>vorhanden sein, weil {key} {kind} ist</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>an object with a type</source>
      <translation>ein Objekt mit einem Typ sein</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_values.py" />
      <source>one of {values}</source>
      <translation>einer der Werte {values} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>other than {number}</source>
      <translation>anders als {number} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>bands of dataset_bands</source>
      <translation>Kanäle von dataset_bands nennen</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>it takes {bands} bands, but {file} lists {listed}</source>
      <translation>es nimmt {bands} Kanäle, aber {file} führt {listed} auf</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>a list of names or numbers of bands</source>
      <translation>eine Liste von Namen oder Nummern von Kanälen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>numbers within the range of 32-bit floats</source>
      <translation>Zahlen im Bereich von 32-Bit-Gleitkommazahlen enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/training_config.py" />
      <source>it has no keys</source>
      <translation>sie enthält keine Schlüssel</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>it is not YAML ({error})</source>
      <translation>sie ist kein YAML ({error})</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>it has more than {most} values</source>
      <translation>sie enthält mehr als {most} Werte</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>its values are nested more than {most} levels deep</source>
      <translation>ihre Werte sind mehr als {most} Ebenen tief verschachtelt</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>it has the unsupported tag {tag}</source>
      <translation>sie enthält das nicht unterstützte Tag {tag}</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>it has a key that is neither text nor a number</source>
      <translation>sie enthält einen Schlüssel, der weder Text noch Zahl ist</translation>
    </message>
    <message>
      <location filename="../inference/models/yaml_text.py" />
      <source>it has a number of {digits} digits</source>
      <translation>sie enthält eine Zahl mit {digits} Ziffern</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>OutputActivation is {activation}, but it has {channels} output channels</source>
      <translation>OutputActivation ist {activation}, aber es hat {channels} Ausgabekanäle</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>its output ranges from {lowest} to {highest}, apparently scaled probabilities; it must output probabilities or logits</source>
      <translation>seine Ausgabe reicht von {lowest} bis {highest}, anscheinend skalierte Wahrscheinlichkeiten; es muss Wahrscheinlichkeiten oder Logits liefern</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>it outputs integers, but OutputActivation is {meaning}</source>
      <translation>es gibt ganze Zahlen aus, aber OutputActivation ist {meaning}</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>OutputActivation is {meaning}, but random images produced values from {lowest} to {highest}</source>
      <translation>OutputActivation ist {meaning}, aber Zufallsbilder ergaben Werte von {lowest} bis {highest}</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>it returns {channels} channels for {classes} classes</source>
      <translation>es liefert {channels} Ausgabekanäle für {classes} Klassen</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>ignore_mapped_class and predict_background exclude every class</source>
      <translation>ignore_mapped_class und predict_background schließen jede Klasse aus</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>its only class {name} has the value 0, which means background; assign it a non-zero value</source>
      <translation>seine einzige Klasse {name} hat den Wert 0, der Hintergrund bedeutet; geben Sie ihr einen Wert ungleich 0</translation>
    </message>
    <message>
      <location filename="../inference/network/labels.py" />
      <source>its labels {labels} are not class values</source>
      <translation>seine Beschriftungen {labels} sind keine Klassenwerte</translation>
    </message>
    <message>
      <location filename="../inference/network/labels.py" />
      <source>its classes are {labels}, but the definition lists {values}</source>
      <translation>seine Klassen sind {labels}, aber die Definition führt {values} auf</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>true for this model: its network has no separate score for background</source>
      <translation>bei diesem Modell true sein: Sein Netz hat keinen eigenen Score für den Hintergrund</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>its class map is {times} times coarser than the image; export it with scores as output, which can be upsampled</source>
      <translation>seine Klassenkarte ist {times}-mal gröber als das Bild; exportieren Sie es mit Scores als Ausgabe, die sich vergrößern lassen</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>its tiles are not square, so test_time_augmentation cannot rotate them</source>
      <translation>seine Kacheln sind nicht quadratisch, daher kann test_time_augmentation sie nicht drehen</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it does not declare its band count and needs an .emd</source>
      <translation>es gibt seine Kanalzahl nicht an und braucht eine .emd</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it returns {channels} unnamed channels {times} times coarser than the image, which may be features instead of scores. If they are scores, name the classes in an .emd or in a config.json beside it</source>
      <translation>es liefert {channels} unbenannte Ausgabekanäle, {times}-mal gröber als das Bild, was Merkmale statt Scores sein können. Sind es Scores, nennen Sie die Klassen in einer .emd oder in einer config.json daneben</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it returns class numbers without declaring their count and needs an .emd</source>
      <translation>es liefert Klassennummern ohne Angabe ihrer Anzahl und braucht eine .emd</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it takes {pixels} pixels, but the definition has {named}</source>
      <translation>es nimmt {pixels} Pixel, aber die Definition hat {named}</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>{value} (fixed by the network)</source>
      <translation>{value} sein (vom Netz festgelegt)</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it returned {given} scores, so its stride is not the definition's</source>
      <translation>es lieferte {given} Scores, seine Schrittweite ist also nicht die der Definition</translation>
    </message>
    <message>
      <location filename="../inference/network/steadiness.py" />
      <source>its scores of an image change from call to call, or with the other images of a call, as in training. Export it for inference, in PyTorch after model.eval()</source>
      <translation>seine Scores eines Bildes ändern sich von Aufruf zu Aufruf oder mit den anderen Bildern eines Aufrufs, wie beim Training. Exportieren Sie es für die Anwendung, in PyTorch nach model.eval()</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it drops {found} pixels on each side, but ModelPadding is {padding}</source>
      <translation>es lässt auf jeder Seite {found} Pixel weg, aber ModelPadding ist {padding}</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it takes {numbers} values at once, too many for tiles</source>
      <translation>es nimmt {numbers} Werte auf einmal, zu viele für Kacheln</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it drops rows at the end of the image, so its size is not a multiple of its stride</source>
      <translation>es lässt am Ende des Bildes Zeilen weg, dessen Größe ist also kein Vielfaches der Schrittweite</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its scores of a pixel depend on other pixels of the same call</source>
      <translation>seine Scores eines Pixels hängen von anderen Pixeln desselben Aufrufs ab</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/failure.py" />
      <source>there is not enough memory</source>
      <translation>der Speicher reicht nicht</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its scores are either {times} times coarser than the image or lack a wide margin. Upsample them within the network, or set ModelPadding to the width of the margin</source>
      <translation>seine Scores sind entweder {times}-mal gröber als das Bild, oder ihnen fehlt ein breiter Rand. Vergrößern Sie sie im Netz, oder setzen Sie ModelPadding auf die Breite dieses Randes</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it turns {given} into {got}</source>
      <translation>es macht aus {given} {got}</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its sizes come in steps of {period} pixels, but Stride is {stride}</source>
      <translation>seine Größen haben einen Abstand von {period} Pixeln, aber Stride ist {stride}</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>{name} is a folder, but a file must be written there</source>
      <translation>{name} ist ein Ordner, aber dort muss eine Datei geschrieben werden</translation>
    </message>
    <message>
      <location filename="../inference/package_model.py" />
      <source>the package has another file with that name</source>
      <translation>das Paket hat eine andere Datei dieses Namens</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/band_stack.py" />
      <source>{raster} has {count} bands, not one</source>
      <translation>{raster} hat {count} Kanäle statt eines</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/collection.py" />
      <source>the list is empty</source>
      <translation>die Liste ist leer</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/collection.py" />
      <source>the tile index lists no raster</source>
      <translation>der Kachelindex führt kein Raster auf</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/folder.py" />
      <source>the folder contains no raster that GDAL can open</source>
      <translation>der Ordner enthält kein Raster, das GDAL öffnen kann</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/mosaic.py" />
      <source>{raster} does not overlap {first}</source>
      <translation>{raster} überlappt {first} nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/mosaic.py" />
      <source>the name of {raster} is not UTF-8; rename it</source>
      <translation>der Name von {raster} ist kein UTF-8; benennen Sie die Datei um</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/placement.py" />
      <source>it is not georeferenced, so it cannot be aligned with other rasters</source>
      <translation>es ist nicht georeferenziert und lässt sich daher nicht an anderen Rastern ausrichten</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/placement.py" />
      <source>some of the rasters to combine have no CRS</source>
      <translation>einige der zu kombinierenden Raster haben kein KBS</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac.py" />
      <source>a STAC {kind} has no pixels; choose an ItemCollection or an Item</source>
      <translation>ein STAC-Objekt {kind} hat keine Pixel; wählen Sie eine ItemCollection oder ein Item</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac.py" />
      <source>it contains no items</source>
      <translation>sie enthält keine Items</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac.py" />
      <source>the items {title} and {other} have the same date, so their order is unknown</source>
      <translation>die Items {title} und {other} haben dasselbe Datum, ihre Reihenfolge ist also unbekannt</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac_assets.py" />
      <source>the item {title} has no raster among its assets</source>
      <translation>das Item {title} hat unter seinen Assets kein Raster</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac_assets.py" />
      <source>the item {title} has several rasters: {names}</source>
      <translation>das Item {title} hat mehrere Raster: {names}</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/tile_index.py" />
      <source>it is not a GDAL tile index, or lacks IndexDataset</source>
      <translation>es ist kein GDAL-Kachelindex, oder IndexDataset fehlt</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>its name has another suffix</source>
      <translation>der Name hat eine andere Endung</translation>
    </message>
    <message>
      <location filename="../inference/raster/polygons/vector_file.py" />
      <source>this GDAL cannot write its format</source>
      <translation>dieses GDAL kann sein Format nicht schreiben</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/source.py" />
      <source>it has no bands</source>
      <translation>es hat keine Kanäle</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is not UTF-8</source>
      <translation>er ist kein UTF-8</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is a Git LFS pointer, not the raster itself; run git lfs pull</source>
      <translation>es ist ein Verweis von Git LFS, nicht das Raster selbst; führen Sie git lfs pull aus</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>GDAL does not support its format</source>
      <translation>GDAL unterstützt das Format nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is too long for a file name</source>
      <translation>er ist zu lang für einen Dateinamen</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>this GDAL has no driver {driver}, and the file does not exist</source>
      <translation>dieses GDAL hat keinen Treiber {driver}, und die Datei existiert nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>this GDAL has no driver for it</source>
      <translation>dieses GDAL hat keinen Treiber dafür</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>the server does not have the file</source>
      <translation>der Server hat die Datei nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>metre</source>
      <translation>Meter</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>kilometre</source>
      <translation>Kilometer</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>foot</source>
      <translation>Fuß</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>US survey foot</source>
      <translation>US-Vermessungsfuß</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>degree</source>
      <translation>Grad</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>grad</source>
      <translation>Gon</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>arc-minute</source>
      <translation>Bogenminute</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>arc-second</source>
      <translation>Bogensekunde</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>radian</source>
      <translation>Radiant</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>{size} {unit}</source>
      <translation>{size} {unit}</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>{size} ({converted})</source>
      <translation>{size} ({converted})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/cell_size.py" />
      <source>{size}</source>
      <translation>{size}</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it is too large</source>
      <translation>sie ist zu groß</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/extent.py" />
      <source>it crosses the date line, where the raster's CRS is discontinuous</source>
      <translation>sie kreuzt die Datumsgrenze, an der das KBS des Rasters unstetig ist</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/extent.py" />
      <source>it has no area</source>
      <translation>sie hat keine Fläche</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/extent.py" />
      <source>it cannot be transformed to the CRS of the raster</source>
      <translation>sie kann nicht in das KBS des Rasters transformiert werden</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it is not georeferenced, so it cannot be resampled to another grid</source>
      <translation>es ist nicht georeferenziert, ein Resampling auf ein anderes Gitter ist daher nicht möglich</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the cell size {size} is not above 0</source>
      <translation>die Zellgröße {size} ist nicht größer als 0</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>cells of {size} result in {count} columns or rows</source>
      <translation>Zellen von {size} ergeben {count} Spalten oder Zeilen</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>its cell size cannot be converted to the output CRS ({error})</source>
      <translation>seine Zellgröße kann nicht in das Ausgabe-KBS umgerechnet werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the snap raster is not north up</source>
      <translation>das Fangraster ist nicht nach Norden ausgerichtet</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the snap raster cannot be located in the output CRS ({error})</source>
      <translation>das Fangraster kann im Ausgabe-KBS nicht verortet werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/labels.py" />
      <source>a polygon is damaged or cannot be transformed to the CRS of the map ({error})</source>
      <translation>ein Polygon ist beschädigt oder kann nicht in das KBS der Karte transformiert werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the input raster has only control points; set an output CRS</source>
      <translation>das Eingaberaster hat nur Passpunkte; setzen Sie ein Ausgabe-KBS</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the polygons have a CRS, but the input raster is not georeferenced; if it has rational polynomial coefficients, set an output CRS</source>
      <translation>die Polygone haben ein KBS, aber das Eingaberaster ist nicht georeferenziert; hat es rationale Polynomkoeffizienten (RPC), setzen Sie ein Ausgabe-KBS</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the input raster is not georeferenced</source>
      <translation>das Eingaberaster ist nicht georeferenziert</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>{raster} has no band besides its alpha band</source>
      <translation>{raster} hat außer dem Alphakanal keinen Kanal</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>a polygon is damaged or cannot be transformed to the CRS of the output ({error})</source>
      <translation>ein Polygon ist beschädigt oder lässt sich nicht in das KBS der Ausgabe transformieren ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it has no CRS; assign one to it first</source>
      <translation>es hat kein KBS; weisen Sie ihm zuerst eines zu</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it crosses the date line; choose a projected CRS without a break there, or an extent on one side</source>
      <translation>es kreuzt die Datumsgrenze; wählen Sie ein projiziertes KBS ohne Bruch an dieser Stelle oder eine Ausdehnung auf einer Seite davon</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>the CRS is not defined for part of it; choose a smaller extent, or a CRS for that area</source>
      <translation>für einen Teil davon ist das KBS nicht definiert; wählen Sie eine kleinere Ausdehnung oder ein KBS für dieses Gebiet</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>its bands have separate masks, which cannot be resampled</source>
      <translation>seine Kanäle haben eigene Masken, für die kein Resampling möglich ist</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>several NoData values per band cannot be resampled</source>
      <translation>mehrere NoData-Werte je Kanal lassen kein Resampling zu</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warped_source.py" />
      <source>it has no geotransform, which a grid that is not north up requires</source>
      <translation>es hat keine Geotransformation, die ein nicht nach Norden ausgerichtetes Gitter voraussetzt</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it returned {status}</source>
      <translation>die Antwort war {status}</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>its response takes longer than {seconds} seconds</source>
      <translation>seine Antwort dauert länger als {seconds} Sekunden</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/fetch.py" />
      <source>it ended early</source>
      <translation>sie endete vorzeitig</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/hosts.py" />
      <source>the service reads nothing from this host</source>
      <translation>der Dienst liest nichts von diesem Rechner</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/hosts.py" />
      <source>its host is in a private network</source>
      <translation>sein Rechner liegt in einem privaten Netzwerk</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/picture.py" />
      <source>its image of {width} x {height} pixels should have {wanted}</source>
      <translation>sein Bild mit {width} x {height} Pixeln sollte {wanted} haben</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/picture.py" />
      <source>its image has a format that only QGIS reads</source>
      <translation>sein Bild hat ein Format, das nur QGIS liest</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/service.py" />
      <source>its description changed after the job was begun</source>
      <translation>seine Beschreibung hat sich seit Beginn des Auftrags geändert</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/service.py" />
      <source>its response is not a TIFF</source>
      <translation>die Antwort ist kein TIFF</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/service.py" />
      <source>its response is not a plain TIFF</source>
      <translation>seine Antwort ist kein einfaches TIFF</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/service.py" />
      <source>it returned {got} instead of {wanted}</source>
      <translation>geliefert wurde {got} statt {wanted}</translation>
    </message>
    <message>
      <location filename="../inference/raster/web/tiles.py" />
      <source>this tile had content when the job was begun, and is missing now</source>
      <translation>diese Kachel hatte bei Beginn des Auftrags einen Inhalt und fehlt jetzt</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/class_record.py" />
      <source>GDAL finds no raster band in it</source>
      <translation>GDAL findet darin keinen Rasterkanal</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/class_record.py" />
      <source>the raster has neither an attribute table nor category names</source>
      <translation>das Raster hat weder eine Attributtabelle noch Kategorienamen</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>they are not name-value pairs</source>
      <translation>es sind keine Paare aus Name und Wert</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>FORMAT is {name}, not GTIFF or COG</source>
      <translation>FORMAT ist {name} und nicht GTIFF oder COG</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>it is unknown to GDAL</source>
      <translation>GDAL kennt diese Option nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>only these preserve values and georeference: {names}</source>
      <translation>nur diese erhalten Werte und Georeferenz: {names}</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>its valid values are {names}</source>
      <translation>gültige Werte sind {names}</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>it is not writable</source>
      <translation>es ist nicht beschreibbar</translation>
    </message>
    <message>
      <location filename="../inference/run/esri_context.py" />
      <source>it is not an object</source>
      <translation>das ist kein Objekt</translation>
    </message>
    <message>
      <location filename="../inference/run/esri_values.py" />
      <source>it needs the numbers xmin, ymin, xmax and ymax</source>
      <translation>sie braucht die Zahlen xmin, ymin, xmax und ymax</translation>
    </message>
    <message>
      <location filename="../inference/run/no_data_rule.py" />
      <source>AUTO, ANY or ALL</source>
      <translation>AUTO, ANY oder ALL sein</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>chosen by the model's own code</source>
      <translation>vom Code des Modells gewählt</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{runtime} of {python}</source>
      <translation>{runtime} aus {python}</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{runtime}</source>
      <translation>{runtime}</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>known when the network is open</source>
      <translation>erst bei geöffnetem Netz bekannt</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{size}, not declared by the model</source>
      <translation>{size}, vom Modell nicht angegeben</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{size}, cannot be compared with the model</source>
      <translation>{size}, nicht mit dem Modell vergleichbar</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{size}, as in training</source>
      <translation>{size}, wie beim Training</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>{pairs}</source>
      <translation>{pairs}</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>no valid pixel in the sample</source>
      <translation>kein gültiges Pixel in der Stichprobe</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>raster {range}, not declared by the model</source>
      <translation>Raster {range}, vom Modell nicht angegeben</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>raster {range}, model {trained}</source>
      <translation>Raster {range}, Modell {trained}</translation>
    </message>
    <message>
      <location filename="../inference/run/preflight.py" />
      <source>do not match: raster {range}, model {trained}</source>
      <translation>passen nicht zusammen: Raster {range}, Modell {trained}</translation>
    </message>
    <message>
      <location filename="../inference/run/resume/strip_store.py" />
      <source>the list of its files is incomplete</source>
      <translation>die Liste seiner Dateien ist unvollständig</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>Classify Pixels has version {found}, but the job was begun with {expected}</source>
      <translation>Classify Pixels hat die Version {found}, aber der Auftrag wurde mit {expected} begonnen</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>the network runs on {found}, but the job was begun on {expected}</source>
      <translation>das Netz läuft auf {found}, aber der Auftrag wurde auf {expected} begonnen</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>the raster, the mask or the model changed after the job was begun</source>
      <translation>Raster, Maske oder Modell haben sich seit Beginn des Auftrags geändert</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/backend.py" />
      <source>its output has the shape {shape}</source>
      <translation>seine Ausgabe hat die Form {shape}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/constant_inputs.py" />
      <source>Inputs lists {name}, which is not one of its inputs</source>
      <translation>Inputs nennt {name}, das keine seiner Eingaben ist</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/constant_inputs.py" />
      <source>it has the inputs {inputs} instead of one image; set constant inputs in its definition, as in "ClassifyPixels": {{"Inputs": {{{others}}}}}</source>
      <translation>es hat die Eingaben {inputs} statt eines Bildes; setzen Sie konstante Eingaben in der Definition, wie in "ClassifyPixels": {{"Inputs": {{{others}}}}}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>Inputs sets {name} to {value}, but its type is {type}</source>
      <translation>Inputs setzt {name} auf {value}, aber der Typ ist {type}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}, but ModelFormat is {layout}</source>
      <translation>seine Eingabe ist {shape}, aber ModelFormat ist {layout}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}, which does not fit {bands} bands of {times} dates; for several dates, the definition must list the bands of all dates and their number, as in "ClassifyPixels": {{"Times": 3}}</source>
      <translation>seine Eingabe ist {shape}, was nicht zu {bands} Kanälen aus {times} Zeitpunkten passt; bei mehreren Zeitpunkten muss die Definition die Kanäle aller Zeitpunkte und deren Anzahl nennen, wie in "ClassifyPixels": {{"Times": 3}}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}; set ModelFormat to {layouts}</source>
      <translation>seine Eingabe ist {shape}; setzen Sie ModelFormat auf {layouts}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>it takes {rows} pixels per call; export it with a dynamic number of rows</source>
      <translation>es nimmt {rows} Pixel je Aufruf; exportieren Sie es mit einer dynamischen Zeilenzahl</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>from ModelFormat</source>
      <translation>aus ModelFormat</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>from the sizes that the network declares</source>
      <translation>aus den Größen, die das Netz angibt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>the usual order, as its sizes are dynamic</source>
      <translation>die übliche Reihenfolge, da die Größen dynamisch sind</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>it takes {bands} bands, but the definition lists {named}</source>
      <translation>es nimmt {bands} Kanäle, aber die Definition führt {named} auf</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/formats.py" />
      <source>they are outside its folder, in {location}</source>
      <translation>sie sind außerhalb seines Ordners, in {location}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/external_files.py" />
      <source>it has {found} bytes instead of {length}</source>
      <translation>sie hat {found} statt {length} Bytes</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/graph_functions.py" />
      <source>its functions are recursive</source>
      <translation>seine Funktionen sind rekursiv</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/graph_functions.py" />
      <source>inlined, its functions have more than {most} steps</source>
      <translation>eingesetzt haben seine Funktionen mehr als {most} Schritte</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>its input is of the type {type}</source>
      <translation>seine Eingabe ist vom Typ {type}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_input.py" />
      <source>its input {name} is of the type {type} and has no value</source>
      <translation>seine Eingabe {name} ist vom Typ {type} und hat keinen Wert</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_input.py" />
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>Inputs sets {name} to a value of the shape {given}, but its shape is {shape}</source>
      <translation>Inputs setzt {name} auf einen Wert der Form {given}, aber die Form ist {shape}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_input.py" />
      <source>it has the inputs {inputs} instead of one image</source>
      <translation>es hat die Eingaben {inputs} statt eines Bildes</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_output.py" />
      <source>it has no output</source>
      <translation>es hat keine Ausgabe</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_output.py" />
      <source>its output {name} is of the type {kind}; select another one with the argument output</source>
      <translation>seine Ausgabe {name} ist vom Typ {kind}; wählen Sie mit dem Argument output eine andere</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its maps have {count} labels; the maximum is {most}</source>
      <translation>seine Zuordnungen haben {count} Beschriftungen; das Maximum ist {most}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its maps have different labels</source>
      <translation>seine Zuordnungen haben verschiedene Beschriftungen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>it returns {count} label maps; the maximum is {most}</source>
      <translation>es liefert {count} Zuordnungen von Beschriftungen; das Maximum ist {most}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its labels are texts that {scores} does not match</source>
      <translation>seine Beschriftungen sind Texte, zu denen {scores} nicht passt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>it has a label of {length} bytes, and at most {most} are read</source>
      <translation>es hat eine Beschriftung von {length} Bytes; höchstens {most} werden gelesen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/reasons.py" />
      <source>a newer ONNX Runtime</source>
      <translation>eine neuere ONNX Runtime</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/reasons.py" />
      <source>ONNX Runtime {release} or newer</source>
      <translation>ONNX Runtime {release} oder neuer</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/compiled_network.py" />
      <source>OpenVINO does not recognize its content</source>
      <translation>OpenVINO erkennt ihren Inhalt nicht</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/compiled_network.py" />
      <source>its operation {name} would take OpenVINO too long to compile</source>
      <translation>OpenVINO würde zu lange brauchen, um ihre Operation {name} zu übersetzen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/formats.py" />
      <source>{name} is no file</source>
      <translation>{name} ist keine Datei</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/openvino_backend.py" />
      <source>OpenVINO gives other scores than ONNX Runtime</source>
      <translation>OpenVINO liefert andere Scores als ONNX Runtime</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/own_backend.py" />
      <source>the usual order of TensorFlow</source>
      <translation>die übliche Reihenfolge von TensorFlow</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/openvino/own_backend.py" />
      <source>it has no tensor {name}</source>
      <translation>es hat keinen Tensor {name}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>from the argument output or the definition</source>
      <translation>aus dem Argument output oder der Definition</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>the only output</source>
      <translation>die einzige Ausgabe</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>the only output that is a map of the image</source>
      <translation>die einzige Ausgabe, die eine Karte des Bildes ist</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>the class numbers; another output has their confidence</source>
      <translation>die Klassennummern; eine andere Ausgabe enthält ihre Konfidenz</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>the first map of the image with one channel per class</source>
      <translation>die erste Karte des Bildes mit einem Ausgabekanal je Klasse</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/output_form.py" />
      <source>the first output that is a map of the image</source>
      <translation>die erste Ausgabe, die eine Karte des Bildes ist</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/foreign_code.py" />
      <source>it has no class named {name}</source>
      <translation>sie hat keine Klasse namens {name}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>from the protocol of raster functions</source>
      <translation>aus dem Protokoll für Rasterfunktionen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>{dtype} pixels of the shape {shape}</source>
      <translation>Pixel vom Typ {dtype} in der Form {shape}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>it returned {found} instead of {wanted}</source>
      <translation>sie lieferte {found} statt {wanted}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>it returned values that are not finite (NaN or Inf)</source>
      <translation>sie lieferte Werte, die nicht endlich sind (NaN oder Inf)</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>it returned {value}, which its pixelType {type} cannot represent</source>
      <translation>sie lieferte {value}, das ihr pixelType {type} nicht darstellen kann</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_values.py" />
      <source>set, because the model requires it</source>
      <translation>gesetzt sein, weil das Modell es verlangt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/checkpoint.py" />
      <source>the order of all supported architectures</source>
      <translation>die Reihenfolge aller unterstützten Architekturen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/checkpoint.py" />
      <source>the tensor {name} is sparse, quantized or larger than the file</source>
      <translation>der Tensor {name} ist dünn besetzt, quantisiert oder größer als die Datei</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/checkpoint.py" />
      <source>version {version} cannot open checkpoints safely; version 2.6 or newer is required</source>
      <translation>Version {version} kann Checkpoints nicht sicher öffnen; nötig ist Version 2.6 oder neuer</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_graph.py" />
      <source>its operation {operation} is not allowed</source>
      <translation>seine Operation {operation} ist nicht erlaubt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>PyTorch no longer supports its format</source>
      <translation>PyTorch unterstützt das Format nicht mehr</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>it is compiled for one machine</source>
      <translation>es ist für einen bestimmten Rechner kompiliert</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>its graph is damaged ({error})</source>
      <translation>sein Graph ist beschädigt ({error})</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/script_code.py" />
      <source>its code does not have the form of current PyTorch</source>
      <translation>sein Code hat nicht die Form des aktuellen PyTorch</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/script_code.py" />
      <source>its code reads or writes files</source>
      <translation>sein Code liest oder schreibt Dateien</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_archive.py" />
      <source>its unpacked size is {size} MB</source>
      <translation>entpackt ist es {size} MB groß</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_backend.py" />
      <source>it returns {output} instead of an image</source>
      <translation>es liefert {output} statt eines Bildes</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_backend.py" />
      <source>it returns {shape} values instead of scores per channel</source>
      <translation>es liefert {shape} Werte statt Scores je Ausgabekanal</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>the first order accepted by the network</source>
      <translation>die erste Reihenfolge, die das Netz annimmt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>its code converts the image to half precision; export it in 32-bit floats</source>
      <translation>sein Code wandelt das Bild in halbe Genauigkeit um; exportieren Sie es in 32-Bit-Gleitkommazahlen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>ModelFormat must be set to {layouts}</source>
      <translation>ModelFormat muss auf {layouts} gesetzt sein</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/interpreter.py" />
      <source>QGIS's Python has no executable there</source>
      <translation>dort hat das Python von QGIS kein Programm</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/interpreter.py" />
      <source>the folder is not a Python environment</source>
      <translation>der Ordner ist keine Python-Umgebung</translation>
    </message>
    <message>
      <location filename="../inference/tiling/plan.py" />
      <source>at least {least}, the stride of the network</source>
      <translation>mindestens {least} sein, die Schrittweite des Netzes</translation>
    </message>
    <message>
      <location filename="../inference/tiling/plan.py" />
      <source>at most {most} for tiles of {size} pixels and the stride {stride}</source>
      <translation>höchstens {most} sein bei Kacheln von {size} Pixeln und der Schrittweite {stride}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model: {name}, {count} classes</source>
      <translation>Modell: {name}, {count} Klassen</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Device: {device}, workers: {workers}</source>
      <translation>Gerät: {device}, Prozesse: {workers}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Size: {columns} x {rows} pixels</source>
      <translation>Größe: {columns} x {rows} Pixel</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}</source>
      <translation>Kacheln: {count} zu {width} x {height} Pixeln, Rand {halo}, Schrittweite {stride}, Batches zu {batch}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Padding {padding} {padding_reason}. Stride {stride} {stride_reason}.</source>
      <translation>Rand {padding} {padding_reason}. Schrittweite {stride} {stride_reason}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Arguments: {arguments}</source>
      <translation>Argumente: {arguments}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Raster {index} of {count}: {raster}</source>
      <translation>Raster {index} von {count}: {raster}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Scheduler: {scheduler}, workers: {workers}; strips in {place}</source>
      <translation>Scheduler: {scheduler}, Worker: {workers}; Streifen in {place}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Memory needed: about {needed} MB; free: {free} MB</source>
      <translation>Benötigter Speicher: etwa {needed} MB; frei: {free} MB</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Disk space needed: up to {size} MB (usually much less)</source>
      <translation>Benötigter Speicherplatz: bis zu {size} MB (meist viel weniger)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Resuming: {count} strips are finished from an earlier run.</source>
      <translation>Fortsetzung: {count} Streifen sind aus einem früheren Lauf fertig.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{output} is kept: an earlier run with the same settings finished it.</source>
      <translation>{output} bleibt erhalten: Ein früherer Lauf mit denselben Einstellungen hat die Ausgabe fertiggestellt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Writing {output}; strips: {count}</source>
      <translation>{output} wird geschrieben; Streifen: {count}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Making the polygons {output}</source>
      <translation>Erstelle die Polygone {output}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The polygons need additional disk space, depending on the number and the shape of the patches.</source>
      <translation>Die Polygone brauchen zusätzlichen Speicherplatz, je nach Anzahl und Form der Flächen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>A GeoTIFF cannot store the CRS of {output} exactly. The exact CRS is in {beside}; keep this file beside it.</source>
      <translation>Ein GeoTIFF kann das KBS von {output} nicht genau speichern. Das genaue KBS steht in {beside}; lassen Sie diese Datei daneben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Measuring the receptive field with random images. This is done once per network.</source>
      <translation>Das rezeptive Feld wird mit Zufallsbildern gemessen. Das geschieht einmal je Netz.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Files beside the network that describe it: {files}</source>
      <translation>Dateien neben dem Netz, die es beschreiben: {files}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network outputs one score per {times} x {times} pixels. Scores are upsampled bilinearly.</source>
      <translation>Das Netz gibt einen Score je {times} x {times} Pixel aus. Die Scores werden bilinear vergrößert.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Mixed precision: {share} % of the pixels of random images get another class than in single precision.</source>
      <translation>Gemischte Genauigkeit: {share} % der Pixel von Zufallsbildern erhalten eine andere Klasse als in einfacher Genauigkeit.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network outputs logits. Their sigmoid is the probability; the threshold is {threshold}.</source>
      <translation>Das Netz liefert Logits. Ihr Sigmoid ist die Wahrscheinlichkeit; der Schwellenwert ist {threshold}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Running the Python raster function {function} (allowed in the settings).</source>
      <translation>Die Python-Rasterfunktion {function} wird ausgeführt (in den Einstellungen erlaubt).</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Keys of the model definition without effect: {keys}</source>
      <translation>Schlüssel der Modelldefinition ohne Wirkung: {keys}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, as specified; values {range}</source>
      <translation>Modellkanal {label}: Rasterkanal {band}, wie angegeben; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, matched by name; values {range}</source>
      <translation>Modellkanal {label}: Rasterkanal {band}, nach Name zugeordnet; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, matched by wavelength; values {range}</source>
      <translation>Modellkanal {label}: Rasterkanal {band}, nach Wellenlänge zugeordnet; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, matched by number; values {range}</source>
      <translation>Modellkanal {label}: Rasterkanal {band}, nach Nummer zugeordnet; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Reflectances are converted to the value scale of {service} (from the model definition).</source>
      <translation>Reflektanzen werden in die Werteskala von {service} umgerechnet (aus der Modelldefinition).</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The value range of the training data is unknown; the network receives the raster's values, {range}. If it was trained on other values, such as 0 … 1, set Input scale and Input offset.</source>
      <translation>Der Wertebereich der Trainingsdaten ist unbekannt; das Netz erhält die Rasterwerte, {range}. Wurde es mit anderen Werten trainiert, etwa 0 … 1, setzen Sie Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>NoData rule ANY: a pixel is NoData if any band used by the model is NoData.</source>
      <translation>NoData-Regel ANY: Ein Pixel ist NoData, wenn es in mindestens einem vom Modell benutzten Kanal NoData ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>NoData rule ALL: a pixel is NoData only if all bands used by the model are NoData.</source>
      <translation>NoData-Regel ALL: Ein Pixel ist nur NoData, wenn es in allen vom Modell benutzten Kanälen NoData ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>NoData rule AUTO: a pixel is NoData if all bands of any raster of the stack are NoData.</source>
      <translation>NoData-Regel AUTO: Ein Pixel ist NoData, wenn alle Kanäle eines der Raster des Stapels NoData sind.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The NoData rule ANY affected {count} pixels: NoData in some of their bands, so NoData in the map.</source>
      <translation>Die NoData-Regel ANY betraf {count} Pixel: NoData in einigen Kanälen, also auch NoData in der Karte.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The NoData rule ALL affected {count} pixels: NoData in some of their bands, but classified.</source>
      <translation>Die NoData-Regel ALL betraf {count} Pixel: NoData in einigen Kanälen, aber klassifiziert.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The NoData rule AUTO affected {count} pixels: NoData in all bands of a raster, so NoData in the map.</source>
      <translation>Die NoData-Regel AUTO betraf {count} Pixel: NoData in allen Kanälen eines Rasters, also NoData in der Karte.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Mask {mask}: every cell that is not NoData counts as inside, including cells with the value 0.</source>
      <translation>Maske {mask}: Jede Zelle, die nicht NoData ist, gehört zur Maske, auch Zellen mit dem Wert 0.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: bands {start} to {end} of the stack.</source>
      <translation>{raster}: Kanäle {start} bis {end} des Stapels.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: not aligned with the cells of {first}; shifted by less than a cell.</source>
      <translation>{raster}: nicht an den Zellen von {first} ausgerichtet; um weniger als eine Zelle verschoben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: only the first {count} bands are used, as {first} has no more.</source>
      <translation>{raster}: Nur die ersten {count} Kanäle werden benutzt, da {first} nicht mehr hat.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: its bands are in another order; they are matched with those of {first}.</source>
      <translation>{raster}: Die Kanäle haben eine andere Reihenfolge; sie werden denen von {first} zugeordnet.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: its type {types} differs from that of {first}; all values are read as {mixed}.</source>
      <translation>{raster}: Der Typ {types} weicht von dem von {first} ab; alle Werte werden als {mixed} gelesen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: warped, because its grid is rotated, flipped or irregular.</source>
      <translation>{raster}: transformiert (Warp), weil das Gitter gedreht, gespiegelt oder unregelmäßig ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: warped from {own} to {other}, the CRS of {first}.</source>
      <translation>{raster}: transformiert (Warp) von {own} nach {other}, dem KBS von {first}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: warped to the cells of {first}, because its grid is rotated, flipped or irregular.</source>
      <translation>{raster}: transformiert (Warp) auf die Zellen von {first}, weil das Gitter gedreht, gespiegelt oder unregelmäßig ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: warped from cells of {own} to {other}, the cell size of {first}.</source>
      <translation>{raster}: transformiert (Warp) von Zellen zu {own} auf {other}, die Zellgröße von {first}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster} is not on the grid of the map; its nearest pixels are used.</source>
      <translation>{raster} liegt nicht auf dem Gitter der Karte; die nächsten Pixel werden verwendet.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Samples compared with the map: {count}</source>
      <translation>Mit der Karte verglichene Stichproben: {count}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Overall accuracy: {accuracy} of the samples, {estimate} ± {margin} of the area (95 %)</source>
      <translation>Gesamtgenauigkeit: {accuracy} der Stichproben, {estimate} ± {margin} der Fläche (95 %)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The sample is stratified by the classes of the map.</source>
      <translation>Die Stichprobe ist nach den Klassen der Karte geschichtet.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The sample is stratified by {strata}.</source>
      <translation>Die Stichprobe ist nach {strata} geschichtet.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The estimates are post-stratified by the classes of the map. They are valid for a simple random sample, or one stratified by this map; a sample stratified otherwise needs Strata.</source>
      <translation>Die Schätzungen sind nach den Klassen der Karte nachgeschichtet. Sie gelten für eine einfache Zufallsstichprobe oder eine nach dieser Karte geschichtete; eine anders geschichtete Stichprobe braucht „Strata“.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Seed of the random numbers: {seed}</source>
      <translation>Startwert der Zufallszahlen: {seed}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name}: {count} points of {pixels} pixels</source>
      <translation>{name}: {count} Punkte aus {pixels} Pixeln</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>No pixel was classified: the raster has no valid pixel in the extent and the mask.</source>
      <translation>Kein Pixel wurde klassifiziert: Das Raster hat in Ausdehnung und Maske kein gültiges Pixel.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network ran out of memory. Continuing with batches of {count} tiles.</source>
      <translation>Dem Netz ging der Speicher aus. Weiter mit Batches zu {count} Kacheln.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network ran out of memory. Restarting with tiles of {size} pixels.</source>
      <translation>Dem Netz ging der Speicher aus. Neustart mit Kacheln von {size} Pixeln.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{folder} has {free} of free space, less than the uncompressed result and its strips. If the disk fills up, the run fails. Free some space and run again to resume.</source>
      <translation>In {folder} sind {free} frei, weniger als das unkomprimierte Ergebnis mit seinen Streifen braucht. Wenn der Platz ausgeht, schlägt der Lauf fehl. Schaffen Sie dann Platz und starten Sie noch einmal, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The disk of {folder} does not support file locks. Do not start another run for {output} until this one ends.</source>
      <translation>Das Laufwerk von {folder} unterstützt keine Dateisperren. Starten Sie bis zum Ende dieses Laufs keinen anderen für {output}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The scheduler {scheduler} has no workers yet. The run waits until one joins.</source>
      <translation>Der Scheduler {scheduler} hat noch keine Worker. Der Lauf wartet, bis einer hinzukommt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Progress is saved: {count} finished strips in {folder}. Run again with the same settings to resume.</source>
      <translation>Der Zwischenstand ist gespeichert: {count} fertige Streifen in {folder}. Starten Sie mit denselben Einstellungen noch einmal, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>No style was written for {output}, because {style} would also be that of {other}.</source>
      <translation>Für {output} wurde kein Stil geschrieben, weil {style} auch der Stil von {other} wäre.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The style {style} was not written by this plugin and is kept unchanged.</source>
      <translation>Der Stil {style} stammt nicht von dieser Erweiterung und bleibt unverändert.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The summary {path} cannot be written: {reason}.</source>
      <translation>Die Zusammenfassung {path} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>No VRT of all results was created, because they do not share a CRS.</source>
      <translation>Es wurde kein VRT aller Ergebnisse erzeugt, weil sie kein gemeinsames KBS haben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster} is georeferenced by geolocation arrays only, which a GeoTIFF cannot store: the result will not be georeferenced. Set an output CRS to georeference it.</source>
      <translation>{raster} ist nur durch Geolokalisierungs-Arrays georeferenziert, die ein GeoTIFF nicht speichern kann: Das Ergebnis wird nicht georeferenziert. Geben Sie ein Ausgabe-KBS an, damit es georeferenziert wird.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: only the part within {west}, {south}, {east}, {north} degrees (west, south, east, north) is reprojected to {crs}, which is not reliable beyond its area of use. Set Extent to choose another part.</source>
      <translation>{raster}: Nur der Teil innerhalb von {west}, {south}, {east}, {north} Grad (West, Süd, Ost, Nord) wird nach {crs} transformiert; außerhalb seines Gültigkeitsbereichs ist dieses KBS nicht zuverlässig. Setzen Sie die Ausdehnung, um einen anderen Teil zu wählen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: skipped, because its name is not UTF-8. Rename it to include it.</source>
      <translation>{raster}: übersprungen, weil der Name kein UTF-8 ist. Benennen Sie die Datei um, damit sie in die Karte kommt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's Python raster function {function} is blocked; the network runs without it. If you trust its author, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>Die Python-Rasterfunktion {function} des Modells ist blockiert; das Netz läuft ohne sie. Wenn Sie dem Autor vertrauen, fügen Sie die SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen der Erweiterung hinzu oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's Python raster function is not run; the network runs without it.</source>
      <translation>Die Python-Rasterfunktion des Modells wird nicht ausgeführt; das Netz läuft ohne sie.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's DataRange is not applied; the network receives the raster's values.</source>
      <translation>DataRange des Modells wird nicht angewandt; das Netz erhält die Rasterwerte.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's Preprocessing is not applied. Set Input scale and Input offset instead.</source>
      <translation>Preprocessing des Modells wird nicht angewandt. Setzen Sie stattdessen Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's pre_processing_function is not applied. Set Input scale and Input offset instead.</source>
      <translation>Die pre_processing_function des Modells wird nicht angewandt. Setzen Sie stattdessen Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Keys of the model definition are not applied: {keys}. If one of them changes the network's input or its classes, the map is wrong. Describe Model lists the reasons.</source>
      <translation>Schlüssel der Modelldefinition werden nicht angewendet: {keys}. Verändert einer davon die Eingabe des Netzes oder seine Klassen, ist die Karte falsch. „Modell beschreiben“ nennt die Gründe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>mixed_precision has no effect on {device}; it requires OpenVINO on a CPU that computes in bf16, or a GPU with OpenVINO or PyTorch.</source>
      <translation>mixed_precision hat auf {device} keine Wirkung; es setzt OpenVINO auf einem Prozessor voraus, der in bf16 rechnet, oder eine Grafikkarte mit OpenVINO oder PyTorch.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Seams are likely: the scores of neighbouring tiles differ by {share} % of their range on average. Set a larger tile_size or a larger padding.</source>
      <translation>Nähte sind wahrscheinlich: Die Scores benachbarter Kacheln unterscheiden sich im Mittel um {share} % ihrer Spanne. Setzen Sie eine größere tile_size oder ein größeres padding.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Seams are likely: the scores of neighbouring tiles differ by {share} % of their range on average. Set a larger padding; the tile size is fixed by the network.</source>
      <translation>Nähte sind wahrscheinlich: Die Scores benachbarter Kacheln unterscheiden sich im Mittel um {share} % ihrer Spanne. Setzen Sie ein größeres padding; die Kachelgröße ist durch das Netz festgelegt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network was packed without a test run. {reason}</source>
      <translation>Das Netz wurde ohne Probelauf gepackt. {reason}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Values do not match: raster {range}, model expects {trained}. The map is probably wrong. If the units agree, set Input scale to {scale}.</source>
      <translation>Die Werte passen nicht: Raster {range}, Modell erwartet {trained}. Die Karte ist vermutlich falsch. Bei gleichen Einheiten setzen Sie den Faktor der Eingabe auf {scale}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Values do not match: raster {range}, model expects {trained}. The map is probably wrong. If the units agree, set Input scale to {scale} and Input offset to {offset}.</source>
      <translation>Die Werte passen nicht: Raster {range}, Modell erwartet {trained}. Die Karte ist vermutlich falsch. Bei gleichen Einheiten setzen Sie den Faktor der Eingabe auf {scale} und den Versatz auf {offset}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Values do not match: raster {range}, network expects integers from {least} to {most}. Values are rounded and clipped to this range. Set Input scale and Input offset to rescale them.</source>
      <translation>Die Werte passen nicht: Raster {range}, Netz erwartet ganze Zahlen von {least} bis {most}. Werte werden gerundet und auf diesen Bereich begrenzt. Zum Umskalieren setzen Sie Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Values do not match: raster {range}, network expects 16-bit floats from -{most} to {most}. Values are clipped to this range. Set Input scale and Input offset to rescale them.</source>
      <translation>Die Werte passen nicht: Raster {range}, Netz erwartet 16-Bit-Gleitkommazahlen von -{most} bis {most}. Werte werden auf diesen Bereich begrenzt. Zum Umskalieren setzen Sie Faktor und Versatz der Eingabe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The band scales ({scale}) and offsets ({offset}) of the raster cannot all be applied; the model receives the stored values.</source>
      <translation>Die Faktoren ({scale}) und Versätze ({offset}) der Rasterkanäle lassen sich nicht alle anwenden; das Modell erhält die gespeicherten Werte.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The raster's bands have a scale and an offset that are not applied; the model receives the stored values. If it was trained on scaled values, set Input scale to {scale} and Input offset to {offset}.</source>
      <translation>Die Rasterkanäle haben einen Faktor und einen Versatz, die nicht angewandt werden; das Modell erhält die gespeicherten Werte. Wurde es mit skalierten Werten trainiert, setzen Sie den Faktor der Eingabe auf {scale} und den Versatz auf {offset}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: the scales and offsets of its bands differ from those of {first}, so that equal stored values have different meanings. The model receives the stored values. Convert one of the rasters, or process all raster items separately.</source>
      <translation>{raster}: Skalierung und Versatz der Kanäle unterscheiden sich von denen von {first}, sodass gleiche gespeicherte Werte Verschiedenes bedeuten. Das Modell erhält die gespeicherten Werte. Rechnen Sie eines der Raster um, oder verarbeiten Sie alle Raster einzeln.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Cell sizes do not match: the result's cells are {factor} times as wide as those in training. The map is probably wrong. Set Cell size to {size}.</source>
      <translation>Die Zellgrößen passen nicht: Die Zellen des Ergebnisses sind {factor}-mal so breit wie im Training. Die Karte ist vermutlich falsch. Setzen Sie die Zellgröße auf {size}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Outside the map, left out: {count} samples.</source>
      <translation>Außerhalb der Karte, ausgelassen: {count} Stichproben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>On NoData of the map, left out: {count} samples.</source>
      <translation>Auf NoData der Karte, ausgelassen: {count} Stichproben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Without a reference class, left out: {count} samples.</source>
      <translation>Ohne Referenzklasse, ausgelassen: {count} Stichproben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>In polygons of different classes, left out: {count} pixels.</source>
      <translation>In Polygonen verschiedener Klassen, ausgelassen: {count} Pixel.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>On NoData of the strata, left out: {count} samples.</source>
      <translation>Auf NoData der Strata, ausgelassen: {count} Stichproben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The samples are {count} neighbouring pixels, which are not independent: the true confidence intervals are wider. Use a random sample of points for them.</source>
      <translation>Die Stichproben sind {count} benachbarte Pixel, die nicht unabhängig sind: Die wahren Konfidenzintervalle sind breiter. Verwenden Sie dafür eine Zufallsstichprobe von Punkten.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name} has no reference samples on the map: overall accuracy and areas cannot be estimated. Add samples there.</source>
      <translation>{name} hat keine Referenzstichproben auf der Karte: Gesamtgenauigkeit und Flächen können nicht geschätzt werden. Ergänzen Sie dort Stichproben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name} has a single sample on the map: standard errors cannot be estimated.</source>
      <translation>{name} hat eine einzige Stichprobe auf der Karte: Standardfehler können nicht geschätzt werden.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name} does not occur in the reference: its producer's accuracy and the error of its area are unknown.</source>
      <translation>{name} kommt in der Referenz nicht vor: Produzentengenauigkeit und Fehler der Fläche sind unbekannt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Value {value} is {reference} in the reference and {name} in the map; they are matched by value.</source>
      <translation>Der Wert {value} ist in der Referenz {reference} und in der Karte {name}; sie werden nach Wert zugeordnet.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The true area of the map's pixels is unknown: strata are weighted by pixels, without hectares.</source>
      <translation>Die wahre Fläche der Pixel der Karte ist unbekannt: Strata werden nach Pixeln gewichtet, ohne Hektar.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Neither the map nor the reference has a CRS; their coordinates are compared as they are.</source>
      <translation>Weder die Karte noch die Referenz hat ein KBS; ihre Koordinaten werden unverändert verglichen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name} gets {count} points, but its standard errors need 2 or more. Set Allocation to MIXED, or Points per class.</source>
      <translation>{name} erhält {count} Punkte, aber die Standardfehler brauchen 2 oder mehr. Setzen Sie „Aufteilung“ auf MIXED, oder geben Sie „Punkte je Klasse“ an.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{name} has only {count} pixels instead of {wanted}; all of them are in the sample.</source>
      <translation>{name} hat nur {count} statt {wanted} Pixel; alle sind in der Stichprobe.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>as specified</source>
      <translation>wie angegeben</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>by name</source>
      <translation>nach Name</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>by wavelength</source>
      <translation>nach Wellenlänge</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>by number</source>
      <translation>nach Nummer</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(default)</source>
      <translation>(Vorgabe)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(as requested)</source>
      <translation>(wie angefordert)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(from the model definition)</source>
      <translation>(aus der Modelldefinition)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(a quarter of the tile, as models of arcgis.learn expect)</source>
      <translation>(ein Viertel der Kachel, wie Modelle von arcgis.learn es erwarten)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(a quarter of the tile)</source>
      <translation>(ein Viertel der Kachel)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(a quarter of the tile; measuring failed: {failure})</source>
      <translation>(ein Viertel der Kachel; die Messung schlug fehl: {failure})</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(a quarter of the tile): the receptive field needs {found} pixels, so seams may show</source>
      <translation>(ein Viertel der Kachel): das rezeptive Feld braucht {found} Pixel, Nähte können sichtbar sein</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(measured): no seams; tiling does not change the result</source>
      <translation>(gemessen): keine Nähte; die Kachelung verändert das Ergebnis nicht</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(measured): no seams; tiling does not change the result, except for 16-bit rounding</source>
      <translation>(gemessen): keine Nähte; die Kachelung verändert das Ergebnis nicht, abgesehen von der Rundung auf 16 Bit</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(measured), less than the receptive field: faint seams are possible; scores of neighbouring tiles differ there by {share} % of their range on average</source>
      <translation>(gemessen), kleiner als das rezeptive Feld: schwache Nähte sind möglich; Scores benachbarter Kacheln unterscheiden sich dort im Mittel um {share} % ihrer Spanne</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(measured), less than the receptive field: seams are likely; scores of neighbouring tiles differ there by {share} % of their range on average</source>
      <translation>(gemessen), kleiner als das rezeptive Feld: Nähte sind wahrscheinlich; Scores benachbarter Kacheln unterscheiden sich dort im Mittel um {share} % ihrer Spanne</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(default; could not be determined)</source>
      <translation>(Vorgabe; nicht bestimmbar)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>(measured)</source>
      <translation>(gemessen)</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>random images of {limit} pixels are too large or produce no usable scores</source>
      <translation>Zufallsbilder von {limit} Pixeln sind zu groß oder ergeben keine verwendbaren Scores</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>no stride up to {limit} makes tiles match</source>
      <translation>keine Schrittweite bis {limit} bringt Kacheln zur Übereinstimmung</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>it took longer than {limit} seconds</source>
      <translation>sie dauerte länger als {limit} Sekunden</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The run was cancelled; no output was written.</source>
      <translation>Der Lauf wurde abgebrochen; keine Ausgabe wurde geschrieben.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The raster {raster} cannot be used as a class map: {reason}. Choose a raster of whole class values.</source>
      <translation>Das Raster {raster} kann nicht als Klassenkarte verwendet werden: {reason}. Wählen Sie ein Raster mit ganzzahligen Klassenwerten.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>{name} has the value {value}, which cannot be used: {reason}. Write one number for all classes, or one per class by value, such as 1=75;2=150.</source>
      <translation>{name} hat den Wert {value}, der nicht verwendet werden kann: {reason}. Geben Sie eine Zahl für alle Klassen an oder eine je Klasse nach Wert, etwa 1=75;2=150.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The reference {reference} cannot be used: {reason}. Choose points, polygons or a raster.</source>
      <translation>Die Referenz {reference} kann nicht verwendet werden: {reason}. Wählen Sie Punkte, Polygone oder ein Raster.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The reference {reference} has {count} classes that the map does not have: {classes}. Classes of the map: {known}. Correct the reference, or declare values without a meaning as NoData.</source>
      <translation>Die Referenz {reference} hat {count} Klassen, die die Karte nicht hat: {classes}. Klassen der Karte: {known}. Berichtigen Sie die Referenz, oder erklären Sie Werte ohne Bedeutung zu NoData.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The layers cannot be aligned: {reason}. Assign the missing CRS.</source>
      <translation>Die Layer können nicht zueinander ausgerichtet werden: {reason}. Weisen Sie das fehlende KBS zu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The field {field} of {reference} cannot be used: {reason}. The layer has the fields {known}.</source>
      <translation>Das Feld {field} von {reference} kann nicht verwendet werden: {reason}. Der Layer hat die Felder {known}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>No reference is set. Choose points, polygons or a raster with the true classes.</source>
      <translation>Keine Referenz ist gesetzt. Wählen Sie Punkte, Polygone oder ein Raster mit den wahren Klassen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The class {label} of the reference {reference} matches several classes of the map: {classes}. Use the values of the classes.</source>
      <translation>Die Klasse {label} der Referenz {reference} passt zu mehreren Klassen der Karte: {classes}. Verwenden Sie die Werte der Klassen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The values {values} of the reference {reference} match the same class of the map, {name}. Give the reference the class values of the map.</source>
      <translation>Die Werte {values} der Referenz {reference} entsprechen derselben Klasse der Karte, {name}. Geben Sie der Referenz die Klassenwerte der Karte.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The output {output} is not a GeoPackage. Enter a file name that ends in .gpkg.</source>
      <translation>Die Ausgabe {output} ist kein GeoPackage. Geben Sie einen Dateinamen ein, der auf .gpkg endet.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>The sample cannot be drawn: {reason}. Change the number of points or the minimum per class.</source>
      <translation>Die Stichprobe kann nicht gezogen werden: {reason}. Ändern Sie die Anzahl der Punkte oder das Minimum je Klasse.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>No sample of the reference {reference} can be compared with the map {raster}: {outside} are outside the map, {empty} on NoData, {unlabelled} without a class. Check the extent, the CRS and the class field.</source>
      <translation>Keine Stichprobe der Referenz {reference} kann mit der Karte {raster} verglichen werden: {outside} liegen außerhalb der Karte, {empty} auf NoData, {unlabelled} ohne Klasse. Prüfen Sie Ausdehnung, KBS und Klassenfeld.</translation>
    </message>
    <message>
      <location filename="../inference/errors/accuracy.py" />
      <source>{count} of {total} samples have another stratum in the field {field} than in the raster {raster}. Set Strata to the map from which the sample was drawn.</source>
      <translation>{count} von {total} Stichproben haben im Feld {field} ein anderes Stratum als im Raster {raster}. Setzen Sie „Strata“ auf die Karte, aus der die Stichprobe gezogen wurde.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The scheduler {scheduler} needs the Python package distributed, which cannot be imported: {reason}. Install it for this Python with: {command}</source>
      <translation>Der Scheduler {scheduler} benötigt das Python-Paket distributed, das nicht importiert werden kann: {reason}. Installieren Sie es für dieses Python mit: {command}</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{scheduler} is not a Dask scheduler: {reason}. Give an address, such as tcp://127.0.0.1:8786 or tls://host:8786, or the path of a scheduler file.</source>
      <translation>{scheduler} ist kein Dask-Scheduler: {reason}. Geben Sie eine Adresse wie tcp://127.0.0.1:8786 oder tls://host:8786 oder den Pfad einer Scheduler-Datei an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The scheduler {scheduler} is on another machine and its connection is not protected by TLS: others in the network could run programs here and on its workers. Use a tls:// address, or set the environment variable CLASSIFY_PIXELS_SCHEDULER_INSECURE=1 in a network that you trust.</source>
      <translation>Der Scheduler {scheduler} läuft auf einem anderen Rechner und seine Verbindung ist nicht durch TLS geschützt: Andere im Netzwerk könnten hier und auf seinen Workern Programme ausführen. Verwenden Sie eine tls://-Adresse, oder setzen Sie in einem Netzwerk, dem Sie vertrauen, die Umgebungsvariable CLASSIFY_PIXELS_SCHEDULER_INSECURE=1.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The scheduler {scheduler} cannot be reached: {reason}. Start it, or correct its address, and run again.</source>
      <translation>Der Scheduler {scheduler} ist nicht erreichbar: {reason}. Starten Sie ihn, oder berichtigen Sie seine Adresse, und führen Sie den Lauf erneut aus.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The connection to the scheduler {scheduler} was lost. Finished strips are kept in {place}. Start the scheduler again, then run again to resume.</source>
      <translation>Die Verbindung zum Scheduler {scheduler} ging verloren. Fertige Streifen bleiben in {place} erhalten. Starten Sie den Scheduler erneut und führen Sie den Lauf erneut aus, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>Several workers ended while they computed strip {strip}, probably for lack of memory. Give them more memory, or lower tile_size or batch_size, then run again to resume.</source>
      <translation>Mehrere Worker endeten, während sie Streifen {strip} berechneten, wahrscheinlich aus Mangel an Arbeitsspeicher. Geben Sie ihnen mehr Arbeitsspeicher, oder verringern Sie tile_size oder batch_size, und führen Sie den Lauf erneut aus, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>A worker failed on strip {strip}: {reason}. Check that its Python has numpy, GDAL and the model's runtime, then run again to resume.</source>
      <translation>Ein Worker scheiterte an Streifen {strip}: {reason}. Prüfen Sie, dass sein Python numpy, GDAL und die Laufzeitbibliothek des Modells hat, und führen Sie den Lauf erneut aus, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The workers of {scheduler} run Python {found}, and this program runs Python {expected}. Use the same version of Python for both.</source>
      <translation>Die Worker von {scheduler} laufen mit Python {found}, dieses Programm mit Python {expected}. Verwenden Sie für beide dieselbe Python-Version.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{object} cannot be read or written: {reason}. Check the name, the network and the permissions, then run again.</source>
      <translation>{object} kann nicht gelesen oder geschrieben werden: {reason}. Prüfen Sie den Namen, das Netzwerk und die Berechtigungen, und führen Sie den Lauf erneut aus.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model file {file} changed during the run. Run again, and leave the file as it is meanwhile.</source>
      <translation>Die Modelldatei {file} wurde während des Laufs geändert. Starten Sie den Lauf erneut, und ändern Sie die Datei dabei nicht.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The file {file} of the model in {place} is missing or damaged. Begin the job again with this place.</source>
      <translation>Die Datei {file} des Modells in {place} fehlt oder ist beschädigt. Beginnen Sie den Auftrag an diesem Ort erneut.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{place} holds no job that can be read. Begin the job again with this place.</source>
      <translation>{place} enthält keinen lesbaren Auftrag. Beginnen Sie den Auftrag an diesem Ort erneut.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The address {address} could not be read: {reason}. Check the address, the network and the sign-in.</source>
      <translation>Die Adresse {address} konnte nicht gelesen werden: {reason}. Prüfen Sie Adresse, Netzwerk und Anmeldung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>Several bands of {raster} match the model's band {needed}: {candidates}. Choose one in Band mapping.</source>
      <translation>Mehrere Kanäle von {raster} passen zum Modellkanal {needed}: {candidates}. Wählen Sie einen in der Kanalzuordnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>{weights} is not a PyTorch file: it contains {content}. Export the network to TorchScript or ONNX.</source>
      <translation>{weights} ist keine PyTorch-Datei: Enthalten ist {content}. Exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The weights {weights} belong to {architecture}, which cannot be rebuilt without its code. Export the network to TorchScript or ONNX in the Python that trained it, and set ModelFile to that file:  {export}</source>
      <translation>Die Gewichte {weights} gehören zu {architecture}, das ohne seinen Code nicht nachgebaut werden kann. Exportieren Sie das Netz in dem Python, in dem es trainiert wurde, nach TorchScript oder ONNX, und setzen Sie ModelFile auf diese Datei:  {export}</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The model argument {name} has the value {value}; it must be {expected}.</source>
      <translation>Das Modellargument {name} hat den Wert {value}; es muss {expected}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The model argument {name} is unknown. Arguments of this model: {known}.</source>
      <translation>Das Modellargument {name} ist unbekannt. Argumente dieses Modells: {known}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The model arguments {text} cannot be read. Write them as "padding 32;batch_size 4" or as JSON.</source>
      <translation>Die Modellargumente {text} können nicht gelesen werden. Schreiben Sie sie als "padding 32;batch_size 4" oder als JSON.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The band mapping {value} cannot be used: {reason}. Write it as raster bands in the model's order, such as 4,3,2, or by model band, such as red=4;nir=B8.</source>
      <translation>Die Kanalzuordnung {value} kann nicht benutzt werden: {reason}. Schreiben Sie sie als Rasterkanäle in der Reihenfolge des Modells, etwa 4,3,2, oder nach Kanal des Modells, etwa red=4;nir=B8.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>Band {band} of {raster} has the type {type}. Convert it to an integer or float type first.</source>
      <translation>Kanal {band} von {raster} hat den Typ {type}. Wandeln Sie ihn zuerst in einen Ganzzahl- oder Gleitkommatyp um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The list of model catalogues {file} cannot be read: {reason}. Correct the file, or remove it.</source>
      <translation>Die Liste der Modellkataloge {file} kann nicht gelesen werden: {reason}. Berichtigen Sie die Datei, oder entfernen Sie sie.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>CLASSIFY_PIXELS_MOST_CELLS has the value {value}. Set it to the maximum number of cells in a result, such as 1e12.</source>
      <translation>CLASSIFY_PIXELS_MOST_CELLS hat den Wert {value}. Setzen Sie die Variable auf die größte erlaubte Zellenzahl eines Ergebnisses, etwa 1e12.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The cell size {size} cannot be used. Enter a number above 0 in units of the output CRS, or a raster.</source>
      <translation>Die Zellgröße {size} kann nicht benutzt werden. Geben Sie eine Zahl über 0 in Einheiten des Ausgabe-KBS oder ein Raster an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be resampled to the requested grid: cells of {size} differ by a factor of {factor} from the raster's cells of {own}; the maximum is {most}. Set Cell size in units of the output CRS.</source>
      <translation>Für das Raster {raster} ist kein Resampling auf das verlangte Gitter möglich: Zellen von {size} unterscheiden sich um den Faktor {factor} von den Zellen des Rasters mit {own}; das Maximum ist {most}. Setzen Sie die Zellgröße in Einheiten des Ausgabe-KBS.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The classes {classes} cannot be read: {reason}. Enter a value, a name and a colour for each class.</source>
      <translation>Die Klassen {classes} können nicht gelesen werden: {reason}. Geben Sie für jede Klasse Wert, Name und Farbe an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The collection {collection} cannot be used: {reason}.</source>
      <translation>Die Sammlung {collection} kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The context cannot be read: {reason}. Write it as a JSON object.</source>
      <translation>Der Kontext kann nicht gelesen werden: {reason}. Schreiben Sie ihn als JSON-Objekt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The context has the unknown key {key}. Known keys: {known}.</source>
      <translation>Der Kontext hat den unbekannten Schlüssel {key}. Bekannte Schlüssel: {known}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The context key {key} with the value {value} would change the result, but is not supported. Remove it.</source>
      <translation>Der Schlüssel {key} des Kontexts mit dem Wert {value} würde das Ergebnis verändern, wird aber nicht unterstützt. Entfernen Sie ihn.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The creation options {options} cannot be used: {reason}. Write them as COMPRESS=LZW|FORMAT=COG.</source>
      <translation>Die Erzeugungsoptionen {options} können nicht benutzt werden: {reason}. Schreiben Sie sie als COMPRESS=LZW|FORMAT=COG.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The CRS {crs} is unknown. Enter an authority and code such as EPSG:32633, or its WKT.</source>
      <translation>Das KBS {crs} ist unbekannt. Geben Sie Autorität und Code an, etwa EPSG:32633, oder das WKT.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The result would have {columns} x {rows} cells ({count} in total), {bytes} uncompressed. It needs at least {least} of disk space, but {folder} has only {free} free. Its cell size is {size}, that of {raster} is {own}. Free some space, or choose a larger Cell size or a smaller Extent.</source>
      <translation>Das Ergebnis hätte {columns} x {rows} Zellen (insgesamt {count}), unkomprimiert {bytes}. Es braucht mindestens {least} Speicherplatz, aber in {folder} sind nur {free} frei. Seine Zellgröße ist {size}, die von {raster} ist {own}. Schaffen Sie Platz, oder wählen Sie eine größere Zellgröße oder eine kleinere Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The path {path} leaves its data store. Enter a path without '..'.</source>
      <translation>Der Pfad {path} verlässt seinen Datenspeicher. Geben Sie einen Pfad ohne '..' an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The variable {variable} cannot be read: {reason}. Write it as {{"NAME": "folder or /vsi prefix"}}.</source>
      <translation>Die Variable {variable} kann nicht gelesen werden: {reason}. Schreiben Sie sie als {{"NAME": "Ordner oder /vsi-Präfix"}}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>This machine has no sign-in for {server}: the variable {variable} does not name it. Set {variable} to {{"{server}": "Authorization: Bearer TOKEN"}} on all machines.</source>
      <translation>Dieser Rechner hat keine Anmeldung für {server}: Die Variable {variable} nennt diesen Server nicht. Setzen Sie {variable} auf allen Rechnern auf {{"{server}": "Authorization: Bearer TOKEN"}}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The variable {variable} cannot be read: {reason}. Write it as {{"https://HOST": "Authorization: Bearer TOKEN"}}.</source>
      <translation>Die Variable {variable} kann nicht gelesen werden: {reason}. Schreiben Sie sie als {{"https://HOST": "Authorization: Bearer TOKEN"}}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{input} cannot be read by other machines: {reason}. Save it as a file, for example a GeoTIFF, and use that file.</source>
      <translation>{input} kann von anderen Rechnern nicht gelesen werden: {reason}. Speichern Sie den Layer als Datei, zum Beispiel als GeoTIFF, und verwenden Sie diese Datei.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The data store {store} is unknown; known stores: {known}. Add it to CLASSIFY_PIXELS_DATA_STORES.</source>
      <translation>Der Datenspeicher {store} ist unbekannt; bekannte Datenspeicher: {known}. Fügen Sie ihn zu CLASSIFY_PIXELS_DATA_STORES hinzu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The file from {address} is not the one that the catalogue describes: expected {expected}, received {found}. Nothing was kept; try again, or report it to the owner of the catalogue.</source>
      <translation>Die Datei von {address} ist nicht die, die der Katalog beschreibt: erwartet {expected}, empfangen {found}. Nichts wurde behalten; versuchen Sie es erneut, oder melden Sie es dem Betreiber des Katalogs.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The exported program {weights} is not supported: {reason}. Save it again with torch.export.save of a current PyTorch, or export the network to ONNX.</source>
      <translation>Das exportierte Programm {weights} wird nicht unterstützt: {reason}. Speichern Sie es mit torch.export.save eines aktuellen PyTorch neu, oder exportieren Sie das Netz nach ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The extent {extent} cannot be used: {reason}. Enter four finite bounds and their CRS.</source>
      <translation>Die Ausdehnung {extent} kann nicht benutzt werden: {reason}. Geben Sie vier endliche Grenzen und deren KBS an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The extent {extent} is outside the raster {raster}. Choose an extent that overlaps it.</source>
      <translation>Die Ausdehnung {extent} liegt außerhalb des Rasters {raster}. Wählen Sie eine Ausdehnung, die es überlappt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>With cells of {size}, the result would have only {width} x {height} cells instead of the {columns} x {rows} cells of {own} in {raster}. Set Cell size in units of the output CRS, or choose a larger Extent.</source>
      <translation>Mit Zellen von {size} hätte das Ergebnis nur {width} x {height} Zellen statt der {columns} x {rows} Zellen von {own} in {raster}. Setzen Sie die Zellgröße in Einheiten des Ausgabe-KBS, oder wählen Sie eine größere Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} needs {framework}, which is not supported. Export it to ONNX or TorchScript, for example with:  {export}</source>
      <translation>Das Modell {model} braucht {framework}, das nicht unterstützt wird. Exportieren Sie es nach ONNX oder TorchScript, zum Beispiel mit:  {export}</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The Python raster function {function} changed while the model was being opened. Run again.</source>
      <translation>Die Python-Rasterfunktion {function} hat sich beim Öffnen des Modells geändert. Starten Sie den Lauf noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The Python raster function {function} failed in {method}: {reason}. Contact the author of the model.</source>
      <translation>Die Python-Rasterfunktion {function} ist in {method} fehlgeschlagen: {reason}. Wenden Sie sich an den Autor des Modells.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} requires its Python raster function {function}, which is blocked. If you trust its author, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>Das Modell {model} benötigt seine Python-Rasterfunktion {function}, die blockiert ist. Wenn Sie dem Autor vertrauen, fügen Sie die SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen der Erweiterung hinzu oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be resampled to the requested grid: {reason}.</source>
      <translation>Das Raster {raster} kann nicht auf das verlangte Gitter gebracht werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The image service {service} cannot be used: {reason}. Check it in a browser or choose another one.</source>
      <translation>Der Bilddienst {service} kann nicht benutzt werden: {reason}. Prüfen Sie ihn in einem Browser, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{input} exists only in this program, so other processes cannot read it. Save it as a file, for example a GeoTIFF, and use that file.</source>
      <translation>{input} gibt es nur in diesem Programm, deshalb können andere Prozesse es nicht lesen. Speichern Sie es als Datei, zum Beispiel als GeoTIFF, und verwenden Sie diese Datei.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>{name} has the value {value}; it must be {expected}.</source>
      <translation>{name} hat den Wert {value}; er muss {expected}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>{runtime} cannot be used in {python} ({reason}). Install it there, or choose another Python.</source>
      <translation>{runtime} kann in {python} nicht benutzt werden ({reason}). Installieren Sie es dort, oder wählen Sie ein anderes Python.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has the bands of {first}, the first one, in another order and lacks {needed}. Leave one of them out.</source>
      <translation>Das Raster {raster} hat die Kanäle von {first}, dem ersten Raster, in anderer Reihenfolge, und ihm fehlt {needed}. Lassen Sie eines der beiden weg.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has {available} bands, but {first}, the first one, has {needed}. Leave one of them out.</source>
      <translation>Das Raster {raster} hat {available} Kanäle, aber {first}, das erste, hat {needed}. Lassen Sie eines davon weg.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>{failed} of {count} rasters failed: {items}. First error: {reason} The other maps are in {folder}.</source>
      <translation>{failed} von {count} Rastern sind fehlgeschlagen: {items}. Erster Fehler: {reason} Die übrigen Karten sind in {folder}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The classification was cancelled after {done} of {count} rasters; their results are kept in {folder}.</source>
      <translation>Die Klassifizierung wurde nach {done} von {count} Rastern abgebrochen; deren Ergebnisse bleiben in {folder}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>{failed} of {count} rasters cannot be read: {items}. First error: {reason}</source>
      <translation>{failed} von {count} Rastern können nicht gelesen werden: {items}. Erster Fehler: {reason}</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The strips of {output} cannot be computed on this machine: {reason}. Use the same files, device and versions on all machines, or begin the job again.</source>
      <translation>Die Streifen von {output} können auf diesem Rechner nicht berechnet werden: {reason}. Verwenden Sie auf allen Rechnern dieselben Dateien, Geräte und Versionen, oder beginnen Sie den Auftrag neu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The query or sign-in of the layer {layer} is not stored in the job list. Open the project that contains this layer and try again, or start a new job.</source>
      <translation>Abfrage oder Anmeldung des Layers {layer} werden in der Auftragsliste nicht gespeichert. Öffnen Sie das Projekt mit diesem Layer und versuchen Sie es noch einmal, oder starten Sie einen neuen Auftrag.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} has no cell size. Set Cell size and Extent.</source>
      <translation>Der Layer {layer} hat keine Zellgröße. Setzen Sie Zellgröße und Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} has no level for cells of {cell}; its coarsest level has cells of {coarsest}. Choose a smaller Cell size.</source>
      <translation>Der Layer {layer} hat keine Stufe für Zellen von {cell}; die gröbste hat Zellen von {coarsest}. Wählen Sie eine kleinere Zellgröße.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} returned no pixels: {reason}. Check its connection and try again.</source>
      <translation>Der Layer {layer} lieferte keine Pixel: {reason}. Prüfen Sie die Verbindung, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The mask cannot be used: {reason}. Choose a polygon layer or a raster that overlaps the input.</source>
      <translation>Die Maske kann nicht benutzt werden: {reason}. Wählen Sie einen Polygonlayer oder ein Raster, der oder das die Eingabe überlappt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The run ran out of memory. Close other programs, choose a smaller extent, or lower Parallel processing factor, tile_size or batch_size.</source>
      <translation>Dem Lauf ging der Speicher aus. Schließen Sie andere Programme, wählen Sie eine kleinere Ausdehnung, oder verringern Sie den Faktor für parallele Verarbeitung, tile_size oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The run needs about {needed} MB of memory, but only {free} MB are free. Close other programs, or lower Parallel processing factor or batch_size.</source>
      <translation>Der Lauf braucht etwa {needed} MB Speicher, aber nur {free} MB sind frei. Schließen Sie andere Programme, oder verringern Sie den Faktor für parallele Verarbeitung oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>This raster does not fit the model: it needs band {needed}, {raster} has {available}. Choose another raster, or set Band mapping.</source>
      <translation>Dieses Raster passt nicht zum Modell: Nötig ist Kanal {needed}, {raster} hat {available}. Wählen Sie ein anderes Raster, oder setzen Sie die Kanalzuordnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>A list of {count} rasters, or one with Input NoData values, must consist of files. Save web layers as files.</source>
      <translation>Eine Liste von {count} Rastern, oder eine mit NoData-Werten der Eingabe, muss aus Dateien bestehen. Speichern Sie Weblayer als Dateien.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>In the model definition {model} the key {key} has the value {value}; it must be {expected}.</source>
      <translation>In der Modelldefinition {model} hat der Schlüssel {key} den Wert {value}; er muss {expected}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model definition {model} lacks the key {key}. Add it to the definition.</source>
      <translation>Der Modelldefinition {model} fehlt der Schlüssel {key}. Fügen Sie ihn der Definition hinzu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>No permission to read the model file {file}: {reason}. Get read access to it and its folder.</source>
      <translation>Keine Berechtigung, die Modelldatei {file} zu lesen: {reason}. Besorgen Sie sich Leserechte für die Datei und ihren Ordner.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} is of the type {type}. {advice}</source>
      <translation>Das Modell {model} ist vom Typ {type}. {advice}</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} cannot be read: {reason}. Choose an .emd, .dlpk, .onnx or .pt file.</source>
      <translation>Das Modell {model} kann nicht gelesen werden: {reason}. Wählen Sie eine Datei .emd, .dlpk, .onnx oder .pt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>Not enough memory for a tile of {size} pixels: {reason}. Set a smaller tile_size or batch_size.</source>
      <translation>Der Speicher reicht nicht für eine Kachel von {size} Pixeln: {reason}. Setzen Sie eine kleinere tile_size oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>In mixed precision, the network returned scores that are not finite (NaN or Inf). Run it without mixed_precision.</source>
      <translation>In gemischter Genauigkeit hat das Netz Scores geliefert, die nicht endlich sind (NaN oder Inf). Führen Sie es ohne mixed_precision aus.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} does not match its definition: {reason}. Correct the definition or the export.</source>
      <translation>Das Netz {weights} passt nicht zu seiner Definition: {reason}. Berichtigen Sie die Definition oder den Export.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network failed on a tile of {size} pixels: {reason}. Try another tile size or a smaller batch.</source>
      <translation>Das Netz ist bei einer Kachel von {size} Pixeln fehlgeschlagen: {reason}. Versuchen Sie eine andere Kachelgröße oder kleinere Batches.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} returns class numbers: there are no scores to write or average. Request the class map only.</source>
      <translation>Das Modell {model} liefert Klassennummern: Es gibt keine Scores zum Schreiben oder Mitteln. Fordern Sie nur die Klassenkarte an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} was not open after {minutes} minutes, far longer than a network of its size takes. Use it only if you trust its source, and export it again, for example to ONNX.</source>
      <translation>Das Netz {weights} war nach {minutes} Minuten nicht geöffnet, weit länger, als ein Netz seiner Größe braucht. Verwenden Sie es nur, wenn Sie seiner Quelle vertrauen, und exportieren Sie es erneut, zum Beispiel nach ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>Another run is writing {output}. Wait until it has finished, or choose another name.</source>
      <translation>Ein anderer Lauf schreibt {output}. Warten Sie, bis er fertig ist, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output folder {folder} cannot be used: {reason}. Choose an existing, writable folder.</source>
      <translation>Der Ausgabeordner {folder} kann nicht benutzt werden: {reason}. Wählen Sie einen vorhandenen, beschreibbaren Ordner.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} cannot be a GeoTIFF: {reason}. Enter a file name that ends in .tif.</source>
      <translation>Die Ausgabe {output} kann kein GeoTIFF sein: {reason}. Geben Sie einen Dateinamen mit der Endung .tif an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} is also an input or another output, or a side file of one. Choose another name for it.</source>
      <translation>Die Ausgabe {output} ist auch eine Eingabe, eine andere Ausgabe oder eine Begleitdatei davon. Wählen Sie einen anderen Namen dafür.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output name {output} is too long: it has {length} bytes, and the disk allows {most} after adding the suffixes of its side files. Choose a shorter name.</source>
      <translation>Der Ausgabename {output} ist zu lang: Er hat {length} Bytes, und das Laufwerk erlaubt {most}, wenn die Endungen der Begleitdateien hinzukommen. Wählen Sie einen kürzeren Namen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The finished output cannot be saved as {output}: {reason}. The previous files are unchanged. Fix the cause, for example by closing the program that has the file open, and run again.</source>
      <translation>Die fertige Ausgabe kann nicht als {output} gespeichert werden: {reason}. Die bisherigen Dateien sind unverändert. Beheben Sie die Ursache, etwa indem Sie das Programm schließen, das die Datei geöffnet hat, und starten Sie noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} was saved only in part, and the previous files could not all be restored: {reason}. The files left over are in {folder}. Move the older ones back before running again.</source>
      <translation>Die Ausgabe {output} wurde nur teilweise gespeichert, und die bisherigen Dateien konnten nicht alle wiederhergestellt werden: {reason}. Die übrigen Dateien sind in {folder}. Verschieben Sie die älteren zurück, bevor Sie noch einmal starten.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {reference} cannot be read. Enter a path, a uri, or serviceProperties with a plain name.</source>
      <translation>Die Ausgabe {reference} kann nicht gelesen werden. Geben Sie einen Pfad, eine uri oder serviceProperties mit einem einfachen Namen an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>QGIS would show the output {output} with the style {style} of {other}, which has the same name but for the suffix. Choose another name or folder.</source>
      <translation>QGIS würde die Ausgabe {output} mit dem Stil {style} von {other} darstellen, das sich im Namen nur in der Endung unterscheidet. Wählen Sie einen anderen Namen oder Ordner.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} cannot be written: {reason}. Check the free space of its folder.</source>
      <translation>Die Ausgabe {output} kann nicht geschrieben werden: {reason}. Prüfen Sie den freien Platz ihres Ordners.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The package {package} cannot be unpacked into {folder}: {reason}. Check its free space and permissions.</source>
      <translation>Das Paket {package} kann nicht nach {folder} entpackt werden: {reason}. Prüfen Sie dort freien Platz und Rechte.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The file {file} cannot be packed: {reason}. Choose another file, or rename it.</source>
      <translation>Die Datei {file} kann nicht gepackt werden: {reason}. Wählen Sie eine andere Datei, oder benennen Sie sie um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The output {output} must end in {suffix}. Rename it.</source>
      <translation>Die Ausgabe {output} muss auf {suffix} enden. Benennen Sie sie um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The definition of {weights} lacks {part}. Set {parameter}.</source>
      <translation>Der Definition von {weights} fehlt {part}. Setzen Sie {parameter}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The package {package} was refused: {reason}. Download it again from a source you trust.</source>
      <translation>Das Paket {package} wurde abgelehnt: {reason}. Laden Sie es noch einmal aus einer vertrauenswürdigen Quelle herunter.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The parallel processing factor {value} cannot be used. Enter a number such as 4 or a percentage such as 75%.</source>
      <translation>Der Faktor für parallele Verarbeitung {value} kann nicht benutzt werden. Geben Sie eine Zahl wie 4 oder einen Prozentsatz wie 75% an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The minimum patch in polygons is {value}. Enter a whole number of pixels, such as 20.</source>
      <translation>Die kleinste Fläche der Polygone ist {value}. Geben Sie eine ganze Zahl von Pixeln ein, etwa 20.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>Removing small patches from {output} needs about {needed} for {count} patches, but {free} is free. Leave out Minimum patch in polygons, choose a smaller extent, or close other programs.</source>
      <translation>Kleine Flächen aus {output} zu entfernen braucht etwa {needed} für {count} Flächen, frei sind aber {free}. Lassen Sie die kleinste Fläche der Polygone weg, wählen Sie eine kleinere Ausdehnung oder schließen Sie andere Programme.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The parameter {name} has the value {value}, which cannot be used: {reason}. Enter another value.</source>
      <translation>Der Parameter {name} hat den Wert {value}, der nicht benutzt werden kann: {reason}. Geben Sie einen anderen Wert an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The checkpoint {weights} was not opened: it contains {content}, which only unpickling can load, and a pickle can run any program. Save network.state_dict() alone, or export the network to TorchScript or ONNX.</source>
      <translation>Der Checkpoint {weights} wurde nicht geöffnet: Er enthält {content}, das nur durch Unpickling geladen werden kann, und ein Pickle kann jedes Programm ausführen. Speichern Sie nur network.state_dict(), oder exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The file {file} would give the output {output} a georeference that the input raster does not have. Choose another output name, or move that file elsewhere.</source>
      <translation>Die Datei {file} würde der Ausgabe {output} eine Georeferenz geben, die das Eingaberaster nicht hat. Wählen Sie einen anderen Namen für die Ausgabe, oder verschieben Sie die Datei.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The file {output} cannot store the CRS of the result. Enter a name that ends in .gpkg, or another Output CRS.</source>
      <translation>Die Datei {output} kann das KBS des Ergebnisses nicht speichern. Geben Sie einen Namen ein, der auf .gpkg endet, oder ein anderes Ausgabe-KBS.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The polygons {output} cannot be written: {reason}. Enter a file name that ends in .gpkg, .geojson, .shp or .fgb.</source>
      <translation>Die Polygone {output} können nicht geschrieben werden: {reason}. Geben Sie einen Dateinamen ein, der auf .gpkg, .geojson, .shp oder .fgb endet.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The polygons {output} cannot be georeferenced: the raster has only control points or polynomials. Set Output CRS, or leave out the polygons.</source>
      <translation>Die Polygone {output} können nicht georeferenziert werden: Das Raster hat nur Passpunkte oder Polynome. Setzen Sie das Ausgabe-KBS oder verzichten Sie auf die Polygone.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The shapefile {output} can hold {most} bytes of a class name, but that of the value {value} has {length}. Enter a name that ends in .gpkg, or shorten the name of the class.</source>
      <translation>Das Shapefile {output} kann {most} Bytes eines Klassennamens speichern, der des Wertes {value} hat aber {length}. Geben Sie einen Namen an, der auf .gpkg endet, oder kürzen Sie den Namen der Klasse.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>Writing {output} would delete {others}, which is not an earlier result. Choose another file name.</source>
      <translation>Das Schreiben von {output} würde {others} löschen, was kein früheres Ergebnis ist. Wählen Sie einen anderen Dateinamen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The polygons {output} cannot be made, because the model writes scores instead of classes. Leave out the polygons, or set return_probability_raster to false.</source>
      <translation>Die Polygone {output} können nicht erstellt werden, weil das Modell Scores statt Klassen schreibt. Verzichten Sie auf die Polygone oder setzen Sie return_probability_raster auf false.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The portal item {item} cannot be used: {reason}. Choose another item.</source>
      <translation>Das Portalelement {item} kann nicht benutzt werden: {reason}. Wählen Sie ein anderes Element.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The item {item} needs a portal. Set its address in the variable {variable}.</source>
      <translation>Das Element {item} braucht ein Portal. Setzen Sie dessen Adresse in der Variable {variable}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network returned the score {value}, which is not a probability from 0 to 1. Set OutputActivation in the model definition to sigmoid, none (logits) or argmax (class numbers).</source>
      <translation>Das Netz lieferte den Score {value}, der keine Wahrscheinlichkeit von 0 bis 1 ist. Setzen Sie OutputActivation in der Modelldefinition auf sigmoid, none (Logits) oder argmax (Klassennummern).</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>{runtime} found no usable GPU (available: {found}). Set Processor type to AUTO or CPU.</source>
      <translation>{runtime} fand keine verwendbare GPU (verfügbar: {found}). Setzen Sie den Prozessortyp auf AUTO oder CPU.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The processor type {value} is unknown. Choose AUTO, CPU or GPU.</source>
      <translation>Der Prozessortyp {value} ist unbekannt. Wählen Sie AUTO, CPU oder GPU.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} could not be fetched: {reason}. Check its address, the network connection and the sign-in.</source>
      <translation>Das Raster {raster} konnte nicht abgerufen werden: {reason}. Prüfen Sie Adresse, Netzwerkverbindung und Anmeldung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} uses a compression that this GDAL ({version}) cannot read: {reason}. Convert it with a GDAL that can, for example with gdal_translate -co COMPRESS=DEFLATE.</source>
      <translation>Das Raster {raster} benutzt eine Komprimierung, die dieses GDAL ({version}) nicht lesen kann: {reason}. Wandeln Sie es mit einem GDAL um, das es kann, etwa mit gdal_translate -co COMPRESS=DEFLATE.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The file {raster} is a container of {count} rasters. Choose one of them, e.g. {example}.</source>
      <translation>Die Datei {raster} ist ein Container mit {count} Rastern. Wählen Sie eines davon, z. B. {example}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} could not be read from the database: {reason}. Check the server, database, table, user name and password.</source>
      <translation>Das Raster {raster} konnte nicht aus der Datenbank gelesen werden: {reason}. Prüfen Sie Server, Datenbank, Tabelle, Benutzername und Passwort.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be read: {reason}. Choose a format supported by this GDAL ({version}), or convert the raster to GeoTIFF.</source>
      <translation>Das Raster {raster} kann nicht gelesen werden: {reason}. Wählen Sie ein Format, das dieses GDAL ({version}) unterstützt, oder wandeln Sie das Raster in ein GeoTIFF um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>Not enough memory to read the raster {raster}: {reason}. Close other programs, or convert it to a tiled GeoTIFF.</source>
      <translation>Zu wenig Speicher, um das Raster {raster} zu lesen: {reason}. Schließen Sie andere Programme, oder wandeln Sie es in ein gekacheltes GeoTIFF um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>No input raster is set. Choose a layer, a file or an address.</source>
      <translation>Es ist kein Eingaberaster angegeben. Wählen Sie einen Layer, eine Datei oder eine Adresse.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has an invalid name: {reason}. Rename it, or choose another raster.</source>
      <translation>Das Raster {raster} hat einen ungültigen Namen: {reason}. Benennen Sie es um, oder wählen Sie ein anderes Raster.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>No permission to read the raster {raster}: {reason}. Get read access to the file and its folder.</source>
      <translation>Keine Berechtigung, das Raster {raster} zu lesen: {reason}. Besorgen Sie sich Leserechte für die Datei und ihren Ordner.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>A result of {width} x {height} cells is not possible. Choose another extent.</source>
      <translation>Ein Ergebnis von {width} x {height} Zellen ist nicht möglich. Wählen Sie eine andere Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be read: {reason}. Check that the file exists and is complete.</source>
      <translation>Das Raster {raster} kann nicht gelesen werden: {reason}. Prüfen Sie, ob die Datei existiert und vollständig ist.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The reference {reference} cannot be read: {reason}. Enter an itemId, a url or a uri.</source>
      <translation>Der Verweis {reference} kann nicht gelesen werden: {reason}. Geben Sie eine itemId, eine url oder eine uri an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The key {key} in the reference to {reference} may change pixels and cannot be applied: {reason}. Correct or remove it.</source>
      <translation>Der Schlüssel {key} im Verweis auf {reference} kann Pixel verändern und lässt sich nicht anwenden: {reason}. Berichtigen oder entfernen Sie ihn.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The resampling method {value} is unknown. Choose one of {known}.</source>
      <translation>Das Resampling-Verfahren {value} ist unbekannt. Wählen Sie eines von {known}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The result would have {columns} x {rows} cells ({count} in total), at least {bytes} uncompressed; the limit is {limit} cells. Its cell size is {size}, that of {raster} is {own}. Choose a larger Cell size or a smaller Extent, or set the environment variable CLASSIFY_PIXELS_MOST_CELLS to a higher limit.</source>
      <translation>Das Ergebnis hätte {columns} x {rows} Zellen (insgesamt {count}), unkomprimiert mindestens {bytes}; die Grenze liegt bei {limit} Zellen. Seine Zellgröße ist {size}, die von {raster} ist {own}. Wählen Sie eine größere Zellgröße oder eine kleinere Ausdehnung, oder setzen Sie die Umgebungsvariable CLASSIFY_PIXELS_MOST_CELLS auf eine höhere Grenze.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be reprojected as a whole to the output CRS: {reason}.</source>
      <translation>Das Raster {raster} kann nicht als Ganzes in das Ausgabe-KBS transformiert werden: {reason}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/base.py" />
      <source>The classification was cancelled; no output was written.</source>
      <translation>Die Klassifizierung wurde abgebrochen; keine Ausgabe wurde geschrieben.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>{runtime} cannot be used in QGIS's Python ({reason}). Set it up in Settings &gt; Options &gt; Classify Pixels, or install it with:  {command}</source>
      <translation>{runtime} kann im Python von QGIS nicht benutzt werden ({reason}). Richten Sie es unter Einstellungen &gt; Optionen &gt; Classify Pixels ein, oder installieren Sie es mit:  {command}</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network returned scores that are not finite (NaN or Inf). Check the value range of the input bands.</source>
      <translation>Das Netz lieferte Scores, die nicht endlich sind (NaN oder Inf). Prüfen Sie den Wertebereich der Eingabekanäle.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {file} beside the network cannot be read: {reason}. Replace it, or move it away if it does not belong to the network.</source>
      <translation>Die Datei {file} neben dem Netz kann nicht gelesen werden: {reason}. Ersetzen Sie sie, oder verschieben Sie sie, falls sie nicht zum Netz gehört.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has {available} bands, but {first}, the first one of the stack, has {needed}. Stack only rasters with the same bands.</source>
      <translation>Das Raster {raster} hat {available} Kanäle, aber {first}, das erste des Stapels, hat {needed}. Stapeln Sie nur Raster mit denselben Kanälen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>Stack raster items and Process all raster items separately are mutually exclusive. Choose one.</source>
      <translation>Raster stapeln und Alle Raster einzeln verarbeiten schließen sich aus. Wählen Sie eines von beiden.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The model uses no band of {raster} ({number} of {count} in the stack). Remove it, or set Band mapping.</source>
      <translation>Das Modell benutzt keinen Kanal von {raster} ({number} von {count} im Stapel). Entfernen Sie es, oder setzen Sie die Kanalzuordnung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {file} is not the model itself but {kind}. Download the actual file; in a Git repository, run git lfs pull.</source>
      <translation>Die Datei {file} ist nicht das Modell selbst, sondern {kind}. Laden Sie die eigentliche Datei herunter; in einem Git-Repository mit git lfs pull.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The finished strip {strip} was changed or damaged. Run again; only this strip is recomputed.</source>
      <translation>Der fertige Streifen {strip} wurde verändert oder beschädigt. Starten Sie noch einmal; nur dieser Streifen wird neu berechnet.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{place} does not contain the strips of the job for {output}. Begin the job again in this place.</source>
      <translation>{place} enthält nicht die Streifen des Auftrags für {output}. Beginnen Sie den Auftrag an diesem Ort erneut.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The strips in {place} belong to the result of an earlier job. Choose another place.</source>
      <translation>Die Streifen in {place} gehören zum Ergebnis eines früheren Auftrags. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>{place} is a link, but the progress of {output} is saved there. Delete the link, or choose another output name.</source>
      <translation>{place} ist eine Verknüpfung, aber dort wird der Zwischenstand von {output} gespeichert. Löschen Sie die Verknüpfung, oder wählen Sie einen anderen Ausgabenamen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{count} of {total} strips of {output} are missing: {strips}. Compute these strips, then finish again.</source>
      <translation>{count} von {total} Streifen von {output} fehlen: {strips}. Berechnen Sie diese Streifen, und schließen Sie dann noch einmal ab.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {model} is a template, not a trained model: it has no weights. Train a model (in ArcGIS Pro: Train Deep Learning Model) and choose the .emd or .dlpk of the result.</source>
      <translation>Die Datei {model} ist eine Vorlage, kein trainiertes Modell: Sie hat keine Gewichte. Trainieren Sie ein Modell (in ArcGIS Pro: Train Deep Learning Model), und wählen Sie die .emd oder .dlpk, die daraus entsteht.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The weights {weights} do not fit {architecture}: {reason}. Check that the file is complete, or export the network to TorchScript or ONNX.</source>
      <translation>Die Gewichte {weights} passen nicht zu {architecture}: {reason}. Prüfen Sie, ob die Datei vollständig ist, oder exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network returned the class {value}, which the model definition does not list. Add it to Classes.</source>
      <translation>Das Netz lieferte die Klasse {value}, die in der Modelldefinition fehlt. Fügen Sie sie zu Classes hinzu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>There is not enough memory to open the network {weights}. Close other programs, or choose a smaller network. A small file that takes that much memory may be harmful: use it only if you trust its source.</source>
      <translation>Der Arbeitsspeicher reicht nicht aus, um das Netz {weights} zu öffnen. Schließen Sie andere Programme oder wählen Sie ein kleineres Netz. Eine kleine Datei, die so viel Speicher belegt, kann schädlich sein: Verwenden Sie sie nur, wenn Sie ihrer Quelle vertrauen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The weights {weights} of the model {model} were not found. Put the file beside the model definition.</source>
      <translation>Die Gewichte {weights} des Modells {model} wurden nicht gefunden. Legen Sie die Datei neben die Modelldefinition.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} uses the operator {operation}, which ONNX Runtime {version} does not support. Export it with standard ONNX operators only, or install a newer ONNX Runtime.</source>
      <translation>Das Netz {weights} benutzt den Operator {operation}, den ONNX Runtime {version} nicht unterstützt. Exportieren Sie es nur mit Standardoperatoren von ONNX, oder installieren Sie eine neuere ONNX Runtime.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The weights {weights} were refused: {reason}. Download them again from a source you trust.</source>
      <translation>Die Gewichte {weights} wurden abgelehnt: {reason}. Laden Sie sie noch einmal aus einer vertrauenswürdigen Quelle herunter.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} ({what}) needs {expected}; version {version} is installed. Install a newer version in Settings &gt; Options &gt; Classify Pixels, or export the network for an older opset and IR version.</source>
      <translation>Das Netz {weights} ({what}) braucht {expected}; installiert ist Version {version}. Installieren Sie unter Einstellungen &gt; Optionen &gt; Classify Pixels eine neuere Version, oder exportieren Sie das Netz für ein älteres Opset und eine ältere IR-Version.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The weights {weights} cannot be loaded: {reason}. Check that the file is complete.</source>
      <translation>Die Gewichte {weights} können nicht geladen werden: {reason}. Prüfen Sie, ob die Datei vollständig ist.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} is not supported by {runtime}: {reason}. Export it again, or contact its author.</source>
      <translation>Das Netz {weights} wird von {runtime} nicht unterstützt: {reason}. Exportieren Sie es noch einmal, oder wenden Sie sich an den Ersteller.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The worker of {python} ended with {reason}; its last output: {line}. Try smaller tiles, a smaller batch or the CPU.</source>
      <translation>Der Hilfsprozess von {python} endete mit {reason}; seine letzte Ausgabe: {line}. Versuchen Sie kleinere Kacheln, kleinere Batches oder die CPU.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>QGIS cannot communicate with the worker of {python}: {reason}. Restart QGIS. If that does not help, choose another Python, or none, in Settings &gt; Options &gt; Classify Pixels.</source>
      <translation>QGIS kann mit dem Hilfsprozess von {python} nicht kommunizieren: {reason}. Starten Sie QGIS neu. Hilft das nicht, wählen Sie unter Einstellungen &gt; Optionen &gt; Classify Pixels ein anderes Python oder keines.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The worker of {python} ended with {reason} while it opened the network {weights}; its last output: {line}. The file is damaged, harmful or too large for the memory of this computer. Download it again from a source you trust.</source>
      <translation>Der Worker von {python} endete mit {reason}, während er das Netz {weights} öffnete; seine letzte Ausgabe: {line}. Die Datei ist beschädigt, schädlich oder zu groß für den Arbeitsspeicher dieses Rechners. Laden Sie sie erneut aus einer Quelle herunter, der Sie vertrauen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The Python {python} cannot run networks: {reason}. Choose another Python, or none, in Settings &gt; Options &gt; Classify Pixels.</source>
      <translation>Das Python {python} kann keine Netze ausführen: {reason}. Wählen Sie unter Einstellungen &gt; Optionen &gt; Classify Pixels ein anderes Python oder keines.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The worker of {python} has version {found} instead of {expected}. Restart QGIS after an upgrade.</source>
      <translation>Der Hilfsprozess von {python} hat die Version {found} statt {expected}. Starten Sie QGIS nach einem Upgrade neu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {file} describes the network, but QGIS's Python lacks the package pyyaml, which reads it. Install it (on Windows, in the OSGeo4W Shell:  python -m pip install pyyaml), or choose an .emd.</source>
      <translation>Die Datei {file} beschreibt das Netz, aber dem Python von QGIS fehlt das Paket pyyaml, das sie liest. Installieren Sie es (unter Windows in der OSGeo4W-Shell:  python -m pip install pyyaml), oder wählen Sie eine .emd.</translation>
    </message>
  </context>
</TS>
