<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>ClassifyPixels</name>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>{error} ({count} tries)</source>
      <translation>{error} ({count} Versuche)</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>it redirects to an address that is less safe</source>
      <translation>sie leitet auf eine weniger sichere Adresse um</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>it redirects too often</source>
      <translation>sie leitet zu oft um</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>it answered with more than {size} MB</source>
      <translation>sie antwortete mit mehr als {size} MB</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>the authentication configuration {authcfg} cannot be used</source>
      <translation>die Authentifizierungskonfiguration {authcfg} ist nicht verwendbar</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>it is not an http address</source>
      <translation>sie ist keine http-Adresse</translation>
    </message>
    <message>
      <location filename="../plugin_support/http.py" />
      <source>its answer is not JSON</source>
      <translation>ihre Antwort ist kein JSON</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_file.py" />
      <source>its JSON is not an object</source>
      <translation>ihr JSON ist kein Objekt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/catalog.py" />
      <source>its catalog has no raster</source>
      <translation>sein Katalog enthält kein Raster</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/catalog.py" />
      <source>it does not allow requests for single rasters (it lacks the capability Catalog or the mosaic method LockRaster)</source>
      <translation>er erlaubt keine Abfrage einzelner Raster (ihm fehlt die Fähigkeit Catalog oder die Mosaikmethode LockRaster)</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/catalog.py" />
      <source>its catalog has no raster {number}</source>
      <translation>sein Katalog enthält kein Raster {number}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>{text} is not a list of numbers</source>
      <translation>{text} ist keine Liste von Zahlen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/catalog.py" />
      <source>it is not a JSON object</source>
      <translation>er ist kein JSON-Objekt</translation>
    </message>
    <message>
      <location filename="../inference/models/hugging_face.py" />
      <source>it is not JSON ({error})</source>
      <translation>das ist kein JSON ({error})</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/data_stores.py" />
      <source>it is not an object whose values are texts</source>
      <translation>sie ist kein Objekt, dessen Werte Texte sind</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/interpreter.py" />
      <source>there is no such file</source>
      <translation>es gibt keine solche Datei</translation>
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
      <location filename="../plugin_support/sources/image_service.py" />
      <source>it answered with something else than a TIFF</source>
      <translation>er antwortete mit etwas anderem als einem TIFF</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/image_service.py" />
      <source>asked for {wanted} it gave {got}</source>
      <translation>statt {wanted} lieferte er {got}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/image_service.py" />
      <source>it does not allow raster functions</source>
      <translation>er erlaubt keine Rasterfunktionen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>it answered with something else than a picture</source>
      <translation>sie antwortete mit etwas anderem als einem Bild</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_failures.py" />
      <source>it answered: {text}</source>
      <translation>sie antwortete: {text}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_request.py" />
      <source>it is not valid</source>
      <translation>er ist ungültig</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <source>it gave no answer within {seconds} seconds</source>
      <translation>er antwortete nicht innerhalb von {seconds} Sekunden</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/layer_source.py" />
      <source>it gave no pixels</source>
      <translation>er lieferte keine Pixel</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/mbtiles.py" />
      <source>it is not an MBTiles file</source>
      <translation>es ist keine MBTiles-Datei</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portal.py" />
      <source>its id is not made of letters and digits</source>
      <translation>seine Kennung besteht nicht aus Buchstaben und Ziffern</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/portal.py" />
      <source>{portal} gave no type for it</source>
      <translation>{portal} nannte keinen Typ dafür</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is empty</source>
      <translation>nichts ist angegeben</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/references.py" />
      <source>its keys ({names}) name neither a raster nor a model</source>
      <translation>seine Schlüssel ({names}) nennen weder ein Raster noch ein Modell</translation>
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
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its pixel type {type} cannot be read</source>
      <translation>sein Pixeltyp {type} kann nicht gelesen werden</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>it is no image service: it has no extent</source>
      <translation>er ist kein Bilddienst: er hat keine Ausdehnung</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/service_rules.py" />
      <source>its extent or pixel size is not usable ({error})</source>
      <translation>seine Ausdehnung oder Pixelgröße ist nicht verwendbar ({error})</translation>
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
      <source>it is given twice</source>
      <translation>er ist zweimal angegeben</translation>
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
      <source>the authentication configuration {authcfg} is only for http</source>
      <translation>die Authentifizierungskonfiguration {authcfg} gilt nur für http</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/sign_in.py" />
      <source>the authentication configuration {authcfg} gives nothing that a request could be signed in with</source>
      <translation>die Authentifizierungskonfiguration {authcfg} enthält nichts, womit eine Anfrage angemeldet werden könnte</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>it answered with a picture that does not say how large it is</source>
      <translation>sie antwortete mit einem Bild, das seine Größe nicht nennt</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>it answered with a picture of {width} x {height} pixels</source>
      <translation>sie antwortete mit einem Bild von {width} x {height} Pixeln</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/tile_picture.py" />
      <source>it answered with a damaged picture</source>
      <translation>sie antwortete mit einem beschädigten Bild</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its service has no tile matrix set {name}</source>
      <translation>sein Dienst hat keinen Kachelmatrixsatz {name}</translation>
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
      <source>its tile matrix {name} is not usable: {error}</source>
      <translation>seine Kachelmatrix {name} ist nicht brauchbar: {error}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its tile matrix {name} has impossible sizes</source>
      <translation>seine Kachelmatrix {name} hat unmögliche Größen</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>it answered with something else than capabilities</source>
      <translation>sie antwortete mit etwas anderem als der Beschreibung eines Dienstes (Capabilities)</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its tiles are at an address that is less safe than the service</source>
      <translation>seine Kacheln liegen an einer Adresse, die weniger sicher ist als der Dienst</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/wmts.py" />
      <source>its service names no address of tiles as {format}</source>
      <translation>sein Dienst nennt keine Adresse von Kacheln als {format}</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it is longer than {largest} bytes</source>
      <translation>sie antwortete mit mehr als {largest} Bytes</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it has a document type, which could hold anything</source>
      <translation>ihre Antwort hat einen Dokumenttyp, der alles enthalten könnte</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it has more than {most} elements</source>
      <translation>ihre Antwort hat mehr als {most} Elemente</translation>
    </message>
    <message>
      <location filename="../plugin_support/sources/xml_element.py" />
      <source>it is no XML: {error}</source>
      <translation>ihre Antwort ist kein XML: {error}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>The parameter {name} is unknown and has no effect.</source>
      <translation>Der Parameter {name} ist unbekannt und hat keine Wirkung.</translation>
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
      <source>&lt;p&gt;Runs a deep learning segmentation model over a raster of any size and writes a georeferenced class map with the model's own values, names and colours.&lt;/p&gt;&lt;p&gt;Pixels that are NoData in the raster are NoData in the map. Bands are found by number, name or wavelength; their values must be in the range that the model was trained on.&lt;/p&gt;&lt;p&gt;ONNX networks need the Python package onnxruntime, PyTorch networks need torch. The page Classify Pixels of QGIS's options shows what is there, and how to get it.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Wendet ein Segmentierungsmodell (Deep Learning) auf ein Raster beliebiger Größe an und schreibt eine georeferenzierte Klassenkarte mit den Werten, Namen und Farben des Modells.&lt;/p&gt;&lt;p&gt;Was im Raster NoData ist, ist auch in der Karte NoData. Kanäle werden nach Nummer, Name oder Wellenlänge gefunden; ihre Werte müssen in dem Bereich liegen, mit dem das Modell trainiert wurde.&lt;/p&gt;&lt;p&gt;ONNX-Netze brauchen das Python-Paket onnxruntime, PyTorch-Netze brauchen torch. Die Seite Classify Pixels in den Optionen von QGIS zeigt, was vorhanden ist und wie man es bekommt.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/classify_pixels.py" />
      <source>The algorithm was not prepared.</source>
      <translation>Der Algorithmus wurde nicht vorbereitet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/context.py" />
      <source>Context key {key} has no effect here and is ignored.</source>
      <translation>Der Schlüssel {key} des Kontexts hat hier keine Wirkung und wird ignoriert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/context.py" />
      <source>it is not an object</source>
      <translation>das ist kein Objekt</translation>
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
      <source>Tells what a segmentation model is, what it takes and gives, and whether it runs here.</source>
      <translation>Sagt, was ein Segmentierungsmodell ist, was es braucht und liefert und ob es hier läuft.</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>&lt;p&gt;Tells all that is understood of a segmentation model: its weights, bands and the values that they should have, tile size, padding and stride, classes with their colours, arguments with their defaults, and which keys of its definition have no effect, and why.&lt;/p&gt;&lt;p&gt;The network is opened and run, once on an empty tile, and on random images where nobody says how far it looks; so the description also says on which device it runs, or what is missing. A model that can be read but not run is described all the same.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Sagt alles, was von einem Segmentierungsmodell verstanden wird: seine Gewichte, die Kanäle und die Werte, die sie haben sollen, Kachelgröße, Rand und Schrittweite, die Klassen mit ihren Farben, die Argumente mit ihren Vorgaben, und welche Schlüssel der Definition keine Wirkung haben und warum.&lt;/p&gt;&lt;p&gt;Das Netz wird geöffnet und ausgeführt, einmal mit einer leeren Kachel, und mit Zufallsbildern, wo niemand sagt, wie weit es sieht; deshalb sagt die Beschreibung auch, auf welchem Gerät es läuft oder was fehlt. Ein Modell, das gelesen, aber nicht ausgeführt werden kann, wird trotzdem beschrieben.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Description</source>
      <translation>Beschreibung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>HTML files</source>
      <translation>HTML-Dateien</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>A page with the description, which the results viewer shows.</source>
      <translation>Eine Seite mit der Beschreibung, die der Ergebnisbetrachter zeigt.</translation>
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
      <source>Whether the model can be run here</source>
      <translation>Ob das Modell hier ausgeführt werden kann</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Device that would run the model</source>
      <translation>Gerät, auf dem das Modell liefe</translation>
    </message>
    <message>
      <location filename="../processing_provider/describe_model.py" />
      <source>Why the model cannot be run here</source>
      <translation>Warum das Modell hier nicht ausgeführt werden kann</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{percent} percent done, about {left} left</source>
      <translation>{percent} Prozent fertig, noch etwa {left}</translation>
    </message>
    <message>
      <location filename="../processing_provider/feedback.py" />
      <source>{percent} percent done, {rate} megapixels a second, about {left} left, on {device}</source>
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
      <source>it is no rectangle</source>
      <translation>sie ist kein Rechteck</translation>
    </message>
    <message>
      <location filename="../processing_provider/grid_values.py" />
      <source>as text, the order is xmin, xmax, ymin, ymax</source>
      <translation>als Text lautet die Reihenfolge xmin, xmax, ymin, ymax</translation>
    </message>
    <message>
      <location filename="../processing_provider/grid_values.py" />
      <source>its spatial reference {reference} is unknown</source>
      <translation>ihr Raumbezug {reference} ist unbekannt</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it is not JSON</source>
      <translation>es ist kein JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/grid_values.py" />
      <source>it needs the numbers xmin, ymin, xmax and ymax</source>
      <translation>sie braucht die Zahlen xmin, ymin, xmax und ymax</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../processing_provider/model_algorithm.py" />
      <source>Number of bands that the model takes</source>
      <translation>Anzahl der Kanäle, die das Modell braucht</translation>
    </message>
    <message>
      <location filename="../processing_provider/model_algorithm.py" />
      <source>Number of classes that a result may hold</source>
      <translation>Anzahl der Klassen, die ein Ergebnis enthalten kann</translation>
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
      <source>&lt;p&gt;Packs a segmentation network, its classes and what else a run has to know into a deep learning package (.dlpk) with an Esri model definition (.emd), which can be passed on as one file.&lt;/p&gt;&lt;p&gt;Classes come from a table, from JSON, or from a layer that shows them; bands and tile size from the network where they are not given. There are as many classes as the network has channels, or one less where its first channel is background.&lt;/p&gt;&lt;p&gt;The package is read back and its network run once before it gets its name: what does not fit together is told here, and nothing is then written. The same input gives the same file, byte for byte.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Packt ein Segmentierungsnetz, seine Klassen und was ein Lauf sonst wissen muss in ein Deep-Learning-Paket (.dlpk) mit einer Modelldefinition von Esri (.emd), das als eine Datei weitergegeben werden kann.&lt;/p&gt;&lt;p&gt;Die Klassen kommen aus einer Tabelle, aus JSON oder aus einem Layer, der sie zeigt; Kanäle und Kachelgröße kommen vom Netz, wo sie nicht angegeben sind. Es gibt so viele Klassen, wie das Netz Ausgabekanäle hat, oder eine weniger, wenn sein erster Ausgabekanal der Hintergrund ist.&lt;/p&gt;&lt;p&gt;Das Paket wird zurückgelesen und sein Netz einmal ausgeführt, bevor es seinen Namen bekommt: Was nicht zusammenpasst, wird hier gesagt, und dann wird nichts geschrieben. Die gleiche Eingabe ergibt Byte für Byte die gleiche Datei.&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>The model definition, as JSON</source>
      <translation>Die Modelldefinition als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>Whether the network was run here</source>
      <translation>Ob das Netz hier ausgeführt wurde</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model.py" />
      <source>a whole number</source>
      <translation>eine ganze Zahl sein</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Network</source>
      <translation>Netz</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The file with the weights: an ONNX or TorchScript network, or the weights of a model that has a definition already.</source>
      <translation>Die Datei mit den Gewichten: ein ONNX- oder TorchScript-Netz oder die Gewichte eines Modells, das schon eine Definition hat.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What the model is called. The name of the network's file where it is empty.</source>
      <translation>Wie das Modell heißt. Wenn leer, der Name der Netzdatei.</translation>
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
      <source>Value, name and colour (such as #4169e1) of each class, in the order of the network's channels. On the command line JSON, the name of a JSON file, or 1,Water,#4169e1,2,Forest,#006400.</source>
      <translation>Wert, Name und Farbe (etwa #4169e1) jeder Klasse, in der Reihenfolge der Ausgabekanäle des Netzes. Auf der Kommandozeile JSON, der Name einer JSON-Datei, oder 1,Wasser,#4169e1,2,Wald,#006400.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Layer with the classes</source>
      <translation>Layer mit den Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Where the table is empty: a raster with a paletted style, an attribute table or category names, or a vector layer with a categorized style. Its order is that of the network's channels.</source>
      <translation>Wenn die Tabelle leer ist: ein Raster mit Palettenstil, Attributtabelle oder Kategorienamen, oder ein Vektorlayer mit kategorisiertem Stil. Seine Reihenfolge ist die der Ausgabekanäle des Netzes.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Bands</source>
      <translation>Kanäle</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The raster bands that feed the network, in its order: numbers from 1, as in 4,3,2, or names, as in red,green,nir. The first ones where it is empty.</source>
      <translation>Die Rasterkanäle, die das Netz bekommt, in seiner Reihenfolge: Nummern ab 1, etwa 4,3,2, oder Namen, etwa red,green,nir. Wenn leer, die ersten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Scale</source>
      <translation>Faktor</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What the raster's values are multiplied by first, such as 0.0001, or one number for each band. The network gets (value x scale - mean) / std.</source>
      <translation>Womit die Werte des Rasters zuerst multipliziert werden, etwa 0.0001, oder eine Zahl für jeden Kanal. Das Netz bekommt (Wert x Faktor - Mittelwert) / Standardabweichung.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Mean</source>
      <translation>Mittelwert</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What is then subtracted: a number, or one for each band. Otherwise 0.</source>
      <translation>Was danach abgezogen wird: eine Zahl, oder eine für jeden Kanal. Sonst 0.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Standard deviation</source>
      <translation>Standardabweichung</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What it is then divided by: a number, or one for each band. Otherwise 1.</source>
      <translation>Wodurch danach geteilt wird: eine Zahl, oder eine für jeden Kanal. Sonst 1.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Tile size</source>
      <translation>Kachelgröße</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Width and height in pixels of what the network sees at once. Its own where it has one, else 256.</source>
      <translation>Breite und Höhe in Pixeln dessen, was das Netz auf einmal sieht. Die eigene, wenn es eine hat, sonst 256.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Padding</source>
      <translation>Rand</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Pixels around each tile that are computed but not kept. Left to the run where it is empty.</source>
      <translation>Pixel um jede Kachel, die berechnet, aber nicht behalten werden. Wenn leer, entscheidet der Lauf.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What the model is for, what it was trained on, and who made it.</source>
      <translation>Wofür das Modell da ist, womit es trainiert wurde und wer es gemacht hat.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>The version of the model, such as 2024.06.</source>
      <translation>Die Version des Modells, etwa 2024.06.</translation>
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
      <source>A definition whose keys stay as they are where nothing else is given. Weights without their architecture (.pth) need it.</source>
      <translation>Eine Definition, deren Schlüssel bleiben, wie sie sind, wo nichts anderes angegeben ist. Gewichte ohne ihre Architektur (.pth) brauchen sie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>Further files</source>
      <translation>Weitere Dateien</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>What else goes into the package, such as a licence, weights that lie beside an ONNX file, or the Python raster function that the existing definition names, which ArcGIS needs to run a network.</source>
      <translation>Was sonst in das Paket kommt, etwa eine Lizenz, Gewichte, die neben einer ONNX-Datei liegen, oder die Python-Rasterfunktion, die die vorhandene Definition nennt und die ArcGIS zum Ausführen eines Netzes braucht.</translation>
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
      <source>The definition by itself, which names the network where it is now.</source>
      <translation>Die Definition allein; sie nennt das Netz dort, wo es jetzt liegt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/package_model_parameters.py" />
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>An Esri model definition (.emd) or deep learning package (.dlpk); a network by itself (.onnx, .pt, .pth, .pt2, .safetensors, .pb); a STAC item of a model (.json); or the definition or a reference as JSON.</source>
      <translation>Eine Modelldefinition von Esri (.emd) oder ein Deep-Learning-Paket (.dlpk); ein Netz allein (.onnx, .pt, .pth, .pt2, .safetensors, .pb); ein STAC-Element eines Modells (.json); oder die Definition oder ein Verweis als JSON.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Processor type</source>
      <translation>Prozessortyp</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>AUTO, or empty: a GPU if the runtime finds one, otherwise the CPU. GPU: the run fails if there is none.</source>
      <translation>AUTO oder leer: eine GPU, wenn die Laufzeitumgebung eine findet, sonst die CPU. GPU: Der Lauf schlägt fehl, wenn keine vorhanden ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input raster</source>
      <translation>Eingaberaster</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The raster to classify: a layer, a file, any name that GDAL opens, or an ArcGIS image service or portal item as JSON. A folder, a list, a tile index or a STAC file stand for several rasters. An address that ends in |authcfg= and the id of an authentication configuration of QGIS is read signed in.</source>
      <translation>Das zu klassifizierende Raster: ein Layer, eine Datei, jeder Name, den GDAL öffnet, oder ein ArcGIS-Bilddienst oder Portalelement als JSON. Ein Ordner, eine Liste, ein Kachelindex oder eine STAC-Datei stehen für mehrere Raster. Eine Adresse, die auf |authcfg= und die Kennung einer Authentifizierungskonfiguration von QGIS endet, wird angemeldet gelesen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Model arguments</source>
      <translation>Modellargumente</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Names and values, as in: padding 32;batch_size 4;tile_size 512. Or JSON. Known are padding (pixels around each tile that are computed but not kept, or auto), batch_size, tile_size, predict_background, test_time_augmentation, merge_policy (mean, max or min), threshold, return_probability_raster, mixed_precision and output (name or number of a network's output). What is not given comes from the model.</source>
      <translation>Namen und Werte, etwa: padding 32;batch_size 4;tile_size 512. Oder JSON. Bekannt sind padding (Pixel um jede Kachel, die berechnet, aber nicht behalten werden, oder auto), batch_size, tile_size, predict_background, test_time_augmentation, merge_policy (mean, max oder min), threshold, return_probability_raster, mixed_precision und output (Name oder Nummer einer Ausgabe des Netzes). Was nicht angegeben ist, kommt vom Modell.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The part to classify, in any CRS. The whole raster where it is empty.</source>
      <translation>Der zu klassifizierende Teil, in beliebigem KBS. Wenn leer, das ganze Raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Process all raster items separately</source>
      <translation>Alle Raster einzeln verarbeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether each raster of several gets a map of its own, in a folder with the output's name; an equal run later keeps the maps that are there. Otherwise they are mosaicked and classified as one.</source>
      <translation>Ob von mehreren Rastern jedes eine eigene Karte bekommt, in einem Ordner mit dem Namen der Ausgabe; ein gleicher Lauf behält später die Karten, die schon da sind. Sonst werden sie zu einem Mosaik zusammengesetzt und als eines klassifiziert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Output CRS</source>
      <translation>KBS der Ausgabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The CRS of the result. That of the raster where it is empty.</source>
      <translation>Das KBS des Ergebnisses. Wenn leer, das des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Cell size</source>
      <translation>Zellgröße</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Cell size of the result in units of its CRS, or a raster that has it. With several rasters, MAXOF uses the coarsest cells and MINOF the finest. Default: that of the input.</source>
      <translation>Zellgröße des Ergebnisses in Einheiten seines KBS, oder ein Raster mit dieser Zellgröße. Bei mehreren Rastern nimmt MAXOF die gröbsten Zellen und MINOF die feinsten. Vorgabe: die Zellgröße der Eingabe.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Snap raster</source>
      <translation>Fangraster</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>A raster with whose cells the cells of the result align.</source>
      <translation>Ein Raster, an dessen Zellen die Zellen des Ergebnisses ausgerichtet werden.</translation>
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
      <source>Band mapping</source>
      <translation>Kanalzuordnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Which raster band feeds which band of the model: 4,3,2 in the model's order, or red=4;nir=B8. By name, wavelength or number where it is empty.</source>
      <translation>Welcher Rasterkanal welchen Kanal des Modells speist: 4,3,2 in der Reihenfolge des Modells, oder red=4;nir=B8. Wenn leer, nach Name, Wellenlänge oder Nummer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input scale</source>
      <translation>Faktor der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>A factor for the raster's values, or one for each band of the model, such as 0.0001.</source>
      <translation>Ein Faktor für die Werte des Rasters, oder einer für jeden Kanal des Modells, etwa 0.0001.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input offset</source>
      <translation>Versatz der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What is added to the scaled values, or one for each band of the model, such as -1000.</source>
      <translation>Was zu den skalierten Werten addiert wird, oder eine Zahl für jeden Kanal des Modells, etwa -1000.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Input NoData values</source>
      <translation>NoData-Werte der Eingabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Further values that are NoData in all bands, with commas between them.</source>
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
      <source>How the result is compressed; none of them loses anything.</source>
      <translation>Wie das Ergebnis komprimiert wird; keine der Arten verliert etwas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Creation options</source>
      <translation>Erzeugungsoptionen</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Options of GDAL's GeoTIFF, as in BLOCKXSIZE=256|BLOCKYSIZE=256. FORMAT=COG: cloud-optimized.</source>
      <translation>Optionen von GDALs GeoTIFF, etwa BLOCKXSIZE=256|BLOCKYSIZE=256. FORMAT=COG: cloud-optimiert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bands of scores</source>
      <translation>Kanäle der Scores</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether a raster of scores has a band for each class, or one with the largest score.</source>
      <translation>Ob ein Raster der Scores einen Kanal für jede Klasse hat, oder einen mit dem größten Score.</translation>
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
      <source>The scores as the network gives them, a GeoTIFF of floats.</source>
      <translation>Die Scores, wie das Netz sie liefert, ein GeoTIFF aus Gleitkommazahlen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Summary</source>
      <translation>Zusammenfassung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>A page for the results viewer: classes with areas and shares, a chart, and what the run said.</source>
      <translation>Eine Seite für den Ergebnisbetrachter: Klassen mit Flächen und Anteilen, ein Diagramm und die Meldungen des Laufs.</translation>
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
      <source>The parallel processing factor asks for {asked} workers; limited to one per core ({cores}).</source>
      <translation>Der Faktor für Parallelverarbeitung verlangt {asked} Arbeiter; es wird höchstens einer je Kern benutzt ({cores}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Classes with pixels and areas in square metres, as JSON</source>
      <translation>Klassen mit Pixeln und Flächen in Quadratmetern, als JSON</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Number of classes found</source>
      <translation>Anzahl der gefundenen Klassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Number of classified pixels</source>
      <translation>Anzahl der klassifizierten Pixel</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Device that ran the model</source>
      <translation>Gerät, auf dem das Modell lief</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Number of tiles</source>
      <translation>Anzahl der Kacheln</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Tile size in pixels</source>
      <translation>Kachelgröße in Pixeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Padding in pixels</source>
      <translation>Rand in Pixeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Seconds taken</source>
      <translation>Dauer in Sekunden</translation>
    </message>
    <message>
      <location filename="../processing_provider/report.py" />
      <source>Peak memory of the process in MB</source>
      <translation>Größter Speicherbedarf des Prozesses in MB</translation>
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
      <location filename="../processing_provider/summary.py" />
      <source>What the run said</source>
      <translation>Was der Lauf meldete</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Results</source>
      <translation>Ergebnisse</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Area</source>
      <translation>Fläche</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Class</source>
      <translation>Klasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Pixels</source>
      <translation>Pixel</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
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
      <location filename="../processing_provider/summary.py" />
      <source>Time</source>
      <translation>Dauer</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>Peak memory</source>
      <translation>Größter Speicherbedarf</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>{size} MB</source>
      <translation>{size} MB</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>{number} km²</source>
      <translation>{number} km²</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>{number} ha</source>
      <translation>{number} ha</translation>
    </message>
    <message>
      <location filename="../processing_provider/summary.py" />
      <source>{number} m²</source>
      <translation>{number} m²</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>its lists are nested too deep</source>
      <translation>seine Listen sind zu tief verschachtelt</translation>
    </message>
    <message>
      <location filename="../processing_provider/value_check.py" />
      <source>it is not a text, number, list or layer</source>
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
      <location filename="../inference/describe/sections.py" />
      <source>What it does</source>
      <translation>Was es bewirkt</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>The model has no such argument.</source>
      <translation>Das Modell hat kein solches Argument.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/arguments_table.py" />
      <source>The model fixes it.</source>
      <translation>Das Modell legt es fest.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>Band of the model</source>
      <translation>Kanal des Modells</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>Band of the raster</source>
      <translation>Kanal des Rasters</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>(none was found: choose one)</source>
      <translation>(keines gefunden: bitte wählen)</translation>
    </message>
    <message>
      <location filename="../ui/dialog/band_table.py" />
      <source>{band} ({how})</source>
      <translation>{band} ({how})</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_answer.py" />
      <source>The model lies on another machine: it is looked at when the run starts.</source>
      <translation>Das Modell liegt auf einem anderen Rechner: Es wird angesehen, wenn der Lauf beginnt.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_answer.py" />
      <source>Of several rasters the first one was looked at: {raster}.</source>
      <translation>Von mehreren Rastern wurde das erste angesehen: {raster}.</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>The model cannot run as it is:</source>
      <translation>So kann das Modell nicht laufen:</translation>
    </message>
    <message>
      <location filename="../ui/dialog/model_card.py" />
      <source>The raster cannot feed the model:</source>
      <translation>Das Raster kann das Modell nicht speisen:</translation>
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
      <source>The file does not describe itself: its bands and classes are seen when it runs.</source>
      <translation>Die Datei beschreibt sich nicht selbst: Ihre Kanäle und Klassen zeigen sich beim Lauf.</translation>
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
      <location filename="../inference/describe/sections.py" />
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
      <location filename="../ui/dialog/model_runtime.py" />
      <source>it is not installed</source>
      <translation>es ist nicht installiert</translation>
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
      <source>Counting…</source>
      <translation>Wird gezählt …</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Clear</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Unpacked packages and copies of what lies on other machines; made anew when needed.</source>
      <translation>Entpackte Pakete und Kopien dessen, was auf anderen Rechnern liegt; wird bei Bedarf neu angelegt.</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>Count the cache</source>
      <translation>Cache zählen</translation>
    </message>
    <message>
      <location filename="../ui/options/cache_box.py" />
      <source>A classification uses the cache now. Clear it when that has ended.</source>
      <translation>Eine Klassifizierung benutzt gerade den Cache. Leeren Sie ihn, wenn sie beendet ist.</translation>
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
      <source>pip failed. The last lines of the log say why.</source>
      <translation>pip ist fehlgeschlagen. Die letzten Zeilen des Protokolls sagen, warum.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>This Python has no pip. On Debian and Ubuntu, install it with:  sudo apt install python3-pip  (on Fedora:  sudo dnf install python3-pip), then try again.</source>
      <translation>Dieses Python hat kein pip. Installieren Sie es unter Debian und Ubuntu mit:  sudo apt install python3-pip  (unter Fedora:  sudo dnf install python3-pip), und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The disk is full. ONNX Runtime needs about 250 MB while it is installed; make room and try again.</source>
      <translation>Der Datenträger ist voll. ONNX Runtime braucht beim Installieren etwa 250 MB; schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The folder of your profile cannot be written to. Check its rights and try again.</source>
      <translation>In den Ordner Ihres Profils kann nicht geschrieben werden. Prüfen Sie seine Rechte und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The network's proxy refused. Set the environment variable HTTPS_PROXY to your proxy and restart QGIS.</source>
      <translation>Der Proxy des Netzwerks hat abgelehnt. Setzen Sie die Umgebungsvariable HTTPS_PROXY auf Ihren Proxy und starten Sie QGIS neu.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The certificate of the package index was not trusted. Where your network replaces certificates, name yours in the environment variable PIP_CERT and restart QGIS.</source>
      <translation>Dem Zertifikat des Paketverzeichnisses wurde nicht vertraut. Wenn Ihr Netzwerk Zertifikate ersetzt, nennen Sie Ihres in der Umgebungsvariable PIP_CERT und starten Sie QGIS neu.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>The package index cannot be reached. Check the network and try again; or download the wheel elsewhere, put it into a folder, and set PIP_NO_INDEX=1 and PIP_FIND_LINKS to that folder before you start QGIS.</source>
      <translation>Das Paketverzeichnis ist nicht erreichbar. Prüfen Sie das Netzwerk und versuchen Sie es noch einmal; oder laden Sie das Wheel anderswo herunter, legen Sie es in einen Ordner und setzen Sie PIP_NO_INDEX=1 und PIP_FIND_LINKS auf diesen Ordner, bevor Sie QGIS starten.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_advice.py" />
      <source>pip found no ONNX Runtime for this Python and system. Check that the package index can be reached; if it can, a newer QGIS may help.</source>
      <translation>pip fand kein ONNX Runtime für dieses Python und System. Prüfen Sie, ob das Paketverzeichnis erreichbar ist; wenn ja, hilft vielleicht ein neueres QGIS.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>Install ONNX Runtime</source>
      <translation>ONNX Runtime installieren</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>What pip writes appears here.</source>
      <translation>Hier erscheint, was pip schreibt.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>Install</source>
      <translation>Installieren</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <location filename="../ui/options/install_dialog.py" />
      <source>&lt;p&gt;ONNX Runtime runs ONNX networks. This command takes it from the package index (about 20 MB, 80 MB on the disk), with nothing that it depends on, and no other package changes. If all went well it is moved to a folder of your profile, where only this plugin looks for it:&lt;br&gt;&lt;b&gt;{folder}&lt;/b&gt;&lt;/p&gt;</source>
      <translation>&lt;p&gt;ONNX Runtime führt ONNX-Netze aus. Dieser Befehl holt es aus dem Paketverzeichnis (etwa 20 MB, 80 MB auf dem Datenträger), ohne das, wovon es abhängt, und kein anderes Paket ändert sich. Wenn alles gut ging, kommt es in einen Ordner Ihres Profils, in dem nur dieses Plugin danach sucht:&lt;br&gt;&lt;b&gt;{folder}&lt;/b&gt;&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>{python} could not be started; the command can be run in a terminal instead.</source>
      <translation>{python} konnte nicht gestartet werden; der Befehl kann stattdessen in einem Terminal ausgeführt werden.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>Cancelled; nothing was installed.</source>
      <translation>Abgebrochen; nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>pip brought a numpy of its own, which would break QGIS's; nothing was installed.</source>
      <translation>pip brachte ein eigenes numpy mit, das jenes von QGIS stören würde; nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>The packages could not be moved to {folder}: {reason}. Nothing was installed.</source>
      <translation>Die Pakete konnten nicht nach {folder} verschoben werden: {reason}. Nichts wurde installiert.</translation>
    </message>
    <message>
      <location filename="../ui/options/install_job.py" />
      <source>Installed in {folder}. It can be used at once.</source>
      <translation>Installiert in {folder}. Es kann sofort benutzt werden.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>Allowed raster functions</source>
      <translation>Erlaubte Rasterfunktionen</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>One SHA-256 in each line</source>
      <translation>Eine SHA-256 in jeder Zeile</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>Not a SHA-256 of 64 digits from 0 to f, so it is left out: {text}</source>
      <translation>Keine SHA-256 aus 64 Ziffern von 0 bis f, daher weggelassen: {text}</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>The Python code of these models runs with all your rights. Add a model only if you trust its makers; the error that a refused model gives tells its SHA-256.</source>
      <translation>Der Python-Code dieser Modelle läuft mit allen Ihren Rechten. Fügen Sie ein Modell nur hinzu, wenn Sie seinen Urhebern vertrauen; der Fehler, den ein abgelehntes Modell meldet, nennt seine SHA-256.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_functions.py" />
      <source>The environment variable {name} allows more.</source>
      <translation>Die Umgebungsvariable {name} erlaubt weitere.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>Classify Pixels</source>
      <translation>Classify Pixels</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>ArcGIS portal</source>
      <translation>ArcGIS-Portal</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
      <source>A portal's address begins with https:// or http://.</source>
      <translation>Die Adresse eines Portals beginnt mit https:// oder http://.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_portal.py" />
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
      <source>The environment variable {names} is used instead of what stands here.</source>
      <translation>Die Umgebungsvariable {names} gilt anstelle dessen, was hier steht.</translation>
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
      <location filename="../ui/options/options_stores.py" />
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>Where /rasterStores/NAME/…, /fileShares/NAME/… and /cloudStores/NAME/… lie.</source>
      <translation>Wo /rasterStores/NAME/…, /fileShares/NAME/… und /cloudStores/NAME/… liegen.</translation>
    </message>
    <message>
      <location filename="../ui/options/options_stores.py" />
      <source>The environment variable {name} also names {stores}.</source>
      <translation>Die Umgebungsvariable {name} nennt außerdem {stores}.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Runtimes</source>
      <translation>Laufzeitumgebungen</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Choose the Python of an environment</source>
      <translation>Das Python einer Umgebung wählen</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>Install ONNX Runtime…</source>
      <translation>ONNX Runtime installieren …</translation>
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
      <source>PyTorch networks can be run by the Python of a virtual environment or of conda, in a process of its own. Name that Python or the environment's folder; it needs numpy and torch.</source>
      <translation>PyTorch-Netze können vom Python einer virtuellen Umgebung oder von conda ausgeführt werden, in einem eigenen Prozess. Nennen Sie dieses Python oder den Ordner der Umgebung; es braucht numpy und torch.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>The other Python cannot run PyTorch networks: install torch there, or leave the field empty.</source>
      <translation>Das andere Python kann keine PyTorch-Netze ausführen: Installieren Sie dort torch, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>QGIS's own Python has an ONNX Runtime, which is used before any other.</source>
      <translation>Das Python von QGIS hat ein ONNX Runtime, das vor jedem anderen benutzt wird.</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>The folder of your profile cannot be written to: {reason}</source>
      <translation>In den Ordner Ihres Profils kann nicht geschrieben werden: {reason}</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_box.py" />
      <source>The environment variable {name} names the Python with PyTorch: {value}</source>
      <translation>Die Umgebungsvariable {name} nennt das Python mit PyTorch: {value}</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_survey.py" />
      <source>{python} could not be started</source>
      <translation>{python} konnte nicht gestartet werden</translation>
    </message>
    <message>
      <location filename="../ui/options/runtime_table.py" />
      <source>Runtime</source>
      <translation>Laufzeitumgebung</translation>
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
      <source>Where</source>
      <translation>Wo</translation>
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
      <source>the other one</source>
      <translation>das andere</translation>
    </message>
    <message>
      <location filename="../ui/panel/classification_task.py" />
      <source>Classify {raster}</source>
      <translation>{raster} klassifizieren</translation>
    </message>
    <message>
      <location filename="../ui/panel/classification_task.py" />
      <source>The run ended with an unexpected error: {error}. Its details are in QGIS's log, under {tab}.</source>
      <translation>Der Lauf endete mit einem unerwarteten Fehler: {error}. Näheres steht im Protokoll von QGIS unter {tab}.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>The result {file} cannot be opened: it was moved, removed or changed.</source>
      <translation>Das Ergebnis {file} kann nicht geöffnet werden: Es wurde verschoben, entfernt oder verändert.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>Interrupted classifications: {count}. They can be resumed.</source>
      <translation>Unterbrochene Klassifizierungen: {count}. Sie können fortgesetzt werden.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
      <source>Show</source>
      <translation>Zeigen</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock.py" />
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
      <source>Some jobs or models of this profile could not be read and are left out. QGIS's log says which.</source>
      <translation>Einige Aufträge oder Modelle dieses Profils konnten nicht gelesen werden und fehlen. Das Protokoll von QGIS sagt, welche.</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>[Folder of the project or the raster]</source>
      <translation>[Ordner des Projekts oder des Rasters]</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
      <source>The folder for results. Empty: that of the project, else that of the raster, else your documents.</source>
      <translation>Der Ordner für Ergebnisse. Leer: der des Projekts, sonst der des Rasters, sonst Ihre Dokumente.</translation>
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
      <source>All options: opens the dialog of the algorithm with this raster and model</source>
      <translation>Alle Optionen: öffnet den Dialog des Algorithmus mit diesem Raster und Modell</translation>
    </message>
    <message>
      <location filename="../ui/panel/dock_form.py" />
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
      <source>A web map has no end: classify what is visible of it.</source>
      <translation>Eine Webkarte hat kein Ende: Klassifizieren Sie, was von ihr sichtbar ist.</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>Job</source>
      <translation>Auftrag</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
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
      <source>whole layer</source>
      <translation>ganzer Layer</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_model.py" />
      <source>visible extent</source>
      <translation>sichtbare Ausdehnung</translation>
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
      <translation>Begonnen: {time}</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>The messages of the selected job.</source>
      <translation>Die Meldungen des gewählten Auftrags.</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
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
      <source>Show the folder</source>
      <translation>Ordner zeigen</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Remove from the list; a result stays, the rest of an unfinished run does not</source>
      <translation>Aus der Liste entfernen; ein Ergebnis bleibt, der Rest eines unfertigen Laufs nicht</translation>
    </message>
    <message>
      <location filename="../ui/panel/job_view.py" />
      <source>Resume</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_list.py" />
      <source>{model} (missing)</source>
      <translation>{model} (fehlt)</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Keep this model as a favourite</source>
      <translation>Dieses Modell als Favorit behalten</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Remove this model from the list; its file stays</source>
      <translation>Dieses Modell aus der Liste entfernen; seine Datei bleibt</translation>
    </message>
    <message>
      <location filename="../ui/panel/model_library_widget.py" />
      <source>Choose a model file</source>
      <translation>Modelldatei wählen</translation>
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
      <location filename="../ui/style_action.py" />
      <source>Style with the model's classes</source>
      <translation>Mit den Klassen des Modells gestalten</translation>
    </message>
    <message>
      <location filename="../ui/style_action.py" />
      <source>The file names no classes: choose its model</source>
      <translation>Die Datei nennt keine Klassen: Wählen Sie ihr Modell</translation>
    </message>
    <message>
      <location filename="../ui/style_action.py" />
      <source>The model does not name its classes.</source>
      <translation>Das Modell nennt seine Klassen nicht.</translation>
    </message>
    <message>
      <location filename="../inference/package_model.py" />
      <source>other than 0</source>
      <translation>ungleich 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/bands/channels.py" />
      <source>one number or {count}, as the model has {count} bands</source>
      <translation>eine Zahl sein oder {count}, da das Modell {count} Kanäle hat</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>the model has {count} bands</source>
      <translation>das Modell hat {count} Kanäle</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>a model band is named twice</source>
      <translation>ein Kanal des Modells ist zweimal genannt</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>"{part}" names no raster band</source>
      <translation>"{part}" nennt keinen Rasterkanal</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>{item} is neither a band number from 1 nor a band name</source>
      <translation>{item} ist weder eine Kanalnummer ab 1 noch ein Kanalname</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it names no single band of the model, whose bands are {known}</source>
      <translation>damit ist kein einzelner Kanal des Modells benannt, dessen Kanäle {known} sind</translation>
    </message>
    <message>
      <location filename="../inference/bands/mapping.py" />
      <source>it names no single band of {raster}, whose bands are {known}</source>
      <translation>damit ist kein einzelner Kanal von {raster} benannt, dessen Kanäle {known} sind</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Pixels around each tile that are computed but not kept, or auto.</source>
      <translation>Pixel um jede Kachel, die berechnet, aber nicht behalten werden, oder auto.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Tiles that the network gets at once.</source>
      <translation>Kacheln, die das Netz auf einmal bekommt.</translation>
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
      <source>Whether each tile is seen in several orientations whose scores are merged.</source>
      <translation>Ob jede Kachel in mehreren Lagen gesehen wird, deren Scores zusammengeführt werden.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>How the scores of several orientations become one: mean, max or min.</source>
      <translation>Wie die Scores mehrerer Lagen zu einem werden: mean, max oder min.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>The probability above which the class of a network with a single channel wins.</source>
      <translation>Die Wahrscheinlichkeit, über der die Klasse eines Netzes mit nur einem Ausgabekanal gewinnt.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Whether the result holds the scores instead of the classes.</source>
      <translation>Ob das Ergebnis die Scores anstelle der Klassen enthält.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Whether PyTorch computes in 16-bit floats on a GPU where it can: faster, less exact.</source>
      <translation>Ob PyTorch auf einer GPU mit 16-Bit-Gleitkommazahlen rechnet, wo es kann: schneller, weniger genau.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>Network output to use (name or index from 0). Default: the best match.</source>
      <translation>Zu benutzende Ausgabe des Netzes (Name oder Nummer ab 0). Vorgabe: die am besten passende.</translation>
    </message>
    <message>
      <location filename="../inference/describe/argument_description.py" />
      <source>An argument of the network itself.</source>
      <translation>Ein Argument des Netzes selbst.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not run here; the network is run without it.</source>
      <translation>Sie wird hier nicht ausgeführt; das Netz läuft ohne sie.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not applied: the network gets the raster's own values.</source>
      <translation>Es wird nicht angewandt: Das Netz bekommt die eigenen Werte des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not applied: INPUT_SCALE and INPUT_OFFSET can do its work.</source>
      <translation>Es wird nicht angewandt: INPUT_SCALE und INPUT_OFFSET können dasselbe leisten.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not applied: the result holds the classes as the network gives them.</source>
      <translation>Es wird nicht angewandt: Das Ergebnis enthält die Klassen, wie das Netz sie liefert.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>Nothing is resized: the network gets tiles of its own size, in the raster's cells.</source>
      <translation>Nichts wird in der Größe geändert: Das Netz bekommt Kacheln seiner eigenen Größe, in den Zellen des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not applied: it is for a norm_type of clip.</source>
      <translation>Es wird nicht angewandt: Es gehört zu einem norm_type von clip.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>It is not known here and changes nothing.</source>
      <translation>Er ist hier unbekannt und ändert nichts.</translation>
    </message>
    <message>
      <location filename="../inference/describe/ignored.py" />
      <source>{function} is not run, because it is not allowed. If you trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>{function} wird nicht ausgeführt, weil sie nicht erlaubt ist. Wenn Sie ihren Urhebern vertrauen, fügen Sie ihre SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen des Plugins hinzu, oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Place</source>
      <translation>Platz</translation>
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
      <source>Values</source>
      <translation>Werte</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Minimum</source>
      <translation>Minimum</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Maximum</source>
      <translation>Maximum</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Where it runs</source>
      <translation>Wo es läuft</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Arguments</source>
      <translation>Argumente</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Key</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Why</source>
      <translation>Warum</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Described by</source>
      <translation>Beschrieben durch</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>File</source>
      <translation>Datei</translation>
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
      <source>Takes</source>
      <translation>Nimmt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Numbers</source>
      <translation>Zahlen</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Outputs</source>
      <translation>Ausgänge</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>Gives</source>
      <translation>Liefert</translation>
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
      <source>{pixels} pixels, {reason}</source>
      <translation>{pixels} Pixel, {reason}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels, as the definition says</source>
      <translation>{pixels} Pixel, wie die Definition sagt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels, as the raster function says</source>
      <translation>{pixels} Pixel, wie die Rasterfunktion es sagt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels, which the network fixes</source>
      <translation>{pixels} Pixel, die das Netz festlegt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels, chosen for the padding</source>
      <translation>{pixels} Pixel, passend zum Rand gewählt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{pixels} pixels, assumed because nobody says</source>
      <translation>{pixels} Pixel, angenommen, weil niemand es sagt</translation>
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
      <source>batches of {batch}, {bands} bands, {width} x {height} pixels ({layout}; ? stands for any size)</source>
      <translation>Stapel von {batch}, {bands} Kanäle, {width} x {height} Pixel ({layout}; ? steht für jede Größe)</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>whole numbers from {least} to {most}</source>
      <translation>ganze Zahlen von {least} bis {most}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{names}; {used} is used, unless the argument output chooses another one</source>
      <translation>{names}; benutzt wird {used}, wenn das Argument output keinen anderen wählt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{channels} channels of scores, the largest of which names the class</source>
      <translation>{channels} Ausgabekanäle mit Scores, deren größter die Klasse bestimmt</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>one channel of logits; a sigmoid above the threshold means {name}</source>
      <translation>einen Ausgabekanal mit Logits; ein Sigmoid über dem Schwellenwert bedeutet {name}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>one channel of scores; above the threshold it means {name}</source>
      <translation>einen Ausgabekanal mit Scores; über dem Schwellenwert bedeutet er {name}</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>ready class values</source>
      <translation>fertige Klassenwerte</translation>
    </message>
    <message>
      <location filename="../inference/describe/sections.py" />
      <source>{default} (fixed)</source>
      <translation>{default} (fest)</translation>
    </message>
    <message>
      <location filename="../inference/models/arguments.py" />
      <source>given only once</source>
      <translation>nur einmal angegeben sein</translation>
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
      <source>a whole number from {least} to {most}</source>
      <translation>eine ganze Zahl von {least} bis {most} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/arguments.py" />
      <source>{value}, which the model fixes</source>
      <translation>{value} sein, was das Modell festlegt</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>they are neither rows nor JSON</source>
      <translation>sie sind weder Zeilen noch JSON</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>{count} cells are no rows of {columns}</source>
      <translation>{count} Zellen sind keine Zeilen zu {columns}</translation>
    </message>
    <message>
      <location filename="../inference/models/class_table.py" />
      <source>the row {row} has more than {columns} cells</source>
      <translation>die Zeile {row} hat mehr als {columns} Zellen</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_classes.py" />
      <source>at most {most} of them</source>
      <translation>höchstens {most} davon haben</translation>
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
      <translation>ein Teiler der {bands} Kanäle in ExtractBands</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_inputs.py" />
      <source>at most {most} numbers</source>
      <translation>höchstens {most} Zahlen</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_inputs.py" />
      <source>a number, or lists of numbers that are equally long</source>
      <translation>eine Zahl oder gleich lange Listen von Zahlen</translation>
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
      <location filename="../inference/models/onnx_metadata.py" />
      <source>a list of {bands} numbers</source>
      <translation>eine Liste von {bands} Zahlen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/emd/emd_statistics.py" />
      <source>a list with a number for each of the bands {bands}</source>
      <translation>eine Liste mit einer Zahl für jeden der Kanäle {bands} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/hugging_face.py" />
      <source>it gives {channels} channels, and {file} beside it names {classes} classes</source>
      <translation>es gibt {channels} Kanäle, {file} daneben nennt aber {classes} Klassen</translation>
    </message>
    <message>
      <location filename="../inference/models/hugging_face.py" />
      <source>numbers other than 0</source>
      <translation>Zahlen ungleich 0</translation>
    </message>
    <message>
      <location filename="../inference/models/model.py" />
      <source>it is larger than {size} MB</source>
      <translation>es ist größer als {size} MB</translation>
    </message>
    <message>
      <location filename="../inference/models/hugging_face.py" />
      <source>it is no object of JSON</source>
      <translation>es ist kein JSON-Objekt</translation>
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
      <source>a whole number from {least}</source>
      <translation>eine ganze Zahl ab {least} sein</translation>
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
      <location filename="../inference/raster/write/sink.py" />
      <source>it is a folder</source>
      <translation>es ist ein Ordner</translation>
    </message>
    <message>
      <location filename="../inference/models/onnx_metadata.py" />
      <source>a whole number up to {most}</source>
      <translation>eine ganze Zahl bis {most} sein</translation>
    </message>
    <message>
      <location filename="../inference/models/onnx_metadata.py" />
      <source>names of the classes 0, 1, 2 and so on</source>
      <translation>die Namen der Klassen 0, 1, 2 und so weiter enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the archive is damaged ({error})</source>
      <translation>das Archiv ist beschädigt ({error})</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>it holds {count} .emd files instead of one</source>
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
      <source>the member {member} leaves the package</source>
      <translation>das Mitglied {member} verlässt das Paket</translation>
    </message>
    <message>
      <location filename="../inference/models/package.py" />
      <source>the member {member} lies about its content</source>
      <translation>das Mitglied {member} gibt seinen Inhalt falsch an</translation>
    </message>
    <message>
      <location filename="../inference/models/reference.py" />
      <source>no model was given</source>
      <translation>kein Modell wurde angegeben</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>{count} bands, as the shape says</source>
      <translation>{count} Kanäle nennen, wie die Form sagt</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>the names of the bands</source>
      <translation>die Namen der Kanäle enthalten</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_bands.py" />
      <source>absent: only bands are read</source>
      <translation>fehlen: nur Kanäle werden gelesen</translation>
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
      <source>at most {most} bands of all dates</source>
      <translation>höchstens {most} Kanäle aller Zeitpunkte</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>batch, channel, height, width or batch, height, width, channel, with time where there are several dates, and with a shape of as many numbers</source>
      <translation>batch, channel, height, width oder batch, height, width, channel, bei mehreren Zeitpunkten mit time, und eine Form mit ebenso vielen Zahlen</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_item.py" />
      <source>six hexadecimal digits</source>
      <translation>sechs hexadezimale Ziffern haben</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>a list of one or of {bands} entries</source>
      <translation>eine Liste mit einem oder mit {bands} Einträgen sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>a list of one or of {bands} numbers above 0</source>
      <translation>eine Liste mit einer Zahl oder mit {bands} Zahlen über 0 sein</translation>
    </message>
    <message>
      <location filename="../inference/models/stac_mlm/mlm_scaling.py" />
      <source>there, because {key} is {kind}</source>
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
      <source>it outputs whole numbers, but OutputActivation is {meaning}</source>
      <translation>es liefert ganze Zahlen, aber OutputActivation ist {meaning}</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>OutputActivation is {meaning}, but random images gave values from {lowest} to {highest}</source>
      <translation>OutputActivation ist {meaning}, aber Zufallsbilder ergaben Werte von {lowest} bis {highest}</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>it gives {channels} channels for {classes} classes</source>
      <translation>es liefert {channels} Ausgabekanäle für {classes} Klassen</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>ignore_mapped_class and predict_background exclude every class</source>
      <translation>ignore_mapped_class und predict_background schließen jede Klasse aus</translation>
    </message>
    <message>
      <location filename="../inference/network/decision.py" />
      <source>the value 0 of its only class {name} stands for background; the class needs another</source>
      <translation>der Wert 0 seiner einzigen Klasse {name} steht für den Hintergrund; die Klasse braucht einen anderen</translation>
    </message>
    <message>
      <location filename="../inference/network/labels.py" />
      <source>its labels {labels} are no values of classes</source>
      <translation>seine Beschriftungen {labels} sind keine Klassenwerte</translation>
    </message>
    <message>
      <location filename="../inference/network/labels.py" />
      <source>its classes are {labels}, and the definition lists {values}</source>
      <translation>seine Klassen sind {labels}, die Definition führt aber {values} auf</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>true for this model: its network has no separate score for background</source>
      <translation>bei diesem Modell true sein: Sein Netz hat keinen eigenen Score für den Hintergrund</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>the classes that it has decided on are {times} times coarser than its image; export it so that it gives scores, which can be enlarged</source>
      <translation>seine fertigen Klassen sind {times}-mal gröber als sein Bild; exportieren Sie es mit Werten je Klasse, die sich vergrößern lassen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/failure.py" />
      <source>there is not enough memory</source>
      <translation>der Speicher reicht nicht</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>its tiles are not square, so test_time_augmentation cannot turn them</source>
      <translation>seine Kacheln sind nicht quadratisch, daher kann test_time_augmentation sie nicht drehen</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it does not tell its bands, and needs an .emd</source>
      <translation>es nennt seine Kanäle nicht und braucht eine .emd</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it gives {channels} channels that are {times} times coarser than its image and have no names: they may be features instead of scores. If they are scores, name the classes in an .emd or in a config.json beside it</source>
      <translation>es gibt {channels} Kanäle ohne Namen, die {times}-mal gröber als sein Bild sind: Es können Merkmale statt Klassenwerte sein. Sind es Klassenwerte, nennen Sie die Klassen in einer .emd oder in einer config.json daneben</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it gives ready classes without their number, and needs an .emd</source>
      <translation>es liefert fertige Klassen ohne ihre Anzahl und braucht eine .emd</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>it takes {pixels} pixels, the definition says {named}</source>
      <translation>es nimmt {pixels} Pixel, die Definition sagt {named}</translation>
    </message>
    <message>
      <location filename="../inference/network/prepared_model.py" />
      <source>{value}, which the network fixes</source>
      <translation>{value} sein, was das Netz festlegt</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it gave {given} scores, so its stride is not the definition's</source>
      <translation>es lieferte {given} Scores, also ist seine Schrittweite nicht die der Definition</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its sizes come in steps of {period} pixels, but Stride is {stride}</source>
      <translation>seine Größen haben einen Abstand von {period} Pixeln, aber Stride ist {stride}</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it drops {found} pixels on each side, but ModelPadding is {padding}</source>
      <translation>es lässt auf jeder Seite {found} Pixel weg, aber ModelPadding ist {padding}</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it takes {numbers} numbers at once, which is too much for tiles</source>
      <translation>es nimmt {numbers} Zahlen auf einmal, was für Kacheln zu viel ist</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it drops rows at the end of its image, so its size is not a multiple of its stride</source>
      <translation>es lässt am Ende seines Bildes Zeilen weg; dessen Größe ist also kein Vielfaches seiner Schrittweite</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its scores of a pixel depend on the other pixels that it gets with it</source>
      <translation>seine Werte für ein Pixel hängen von den anderen Pixeln desselben Aufrufs ab</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>its scores are {times} times coarser than its image or lack a wide margin, and nothing tells which; enlarge them within the network, or say with ModelPadding how wide the margin is</source>
      <translation>seine Werte sind {times}-mal gröber als sein Bild, oder ihnen fehlt ein breiter Rand; was zutrifft, ist nicht erkennbar. Vergrößern Sie sie im Netz, oder geben Sie die Breite des Randes mit ModelPadding an</translation>
    </message>
    <message>
      <location filename="../inference/network/trial.py" />
      <source>it turns {given} into {got}</source>
      <translation>es macht aus {given} {got}</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>there is no such folder</source>
      <translation>es gibt keinen solchen Ordner</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>{name} is a folder, but a file must be written there</source>
      <translation>{name} ist ein Ordner, aber dort muss eine Datei geschrieben werden</translation>
    </message>
    <message>
      <location filename="../inference/package_model.py" />
      <source>the package has another file of that name</source>
      <translation>das Paket hat eine andere Datei dieses Namens</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/collection.py" />
      <source>the list is empty</source>
      <translation>die Liste ist leer</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/collection.py" />
      <source>the tile index names no raster</source>
      <translation>der Kachelindex nennt kein Raster</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/folder.py" />
      <source>the folder holds no raster that GDAL opens</source>
      <translation>der Ordner enthält kein Raster, das GDAL öffnet</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/placement.py" />
      <source>it is not georeferenced, so it fits no other raster</source>
      <translation>es ist nicht georeferenziert und passt daher zu keinem anderen Raster</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/placement.py" />
      <source>it and the rasters beside it do not all have a CRS</source>
      <translation>es und die Raster daneben haben nicht alle ein KBS</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac.py" />
      <source>a STAC {kind} holds no pixels; give an ItemCollection or an Item</source>
      <translation>eine STAC-{kind} enthält keine Pixel; geben Sie eine ItemCollection oder ein Item an</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/stac.py" />
      <source>it holds no item</source>
      <translation>sie enthält kein Element</translation>
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
      <location filename="../inference/raster/collection/stack.py" />
      <source>{raster} has {count} bands, not one</source>
      <translation>{raster} hat {count} Kanäle statt eines</translation>
    </message>
    <message>
      <location filename="../inference/raster/collection/tile_index.py" />
      <source>it is no GDAL tile index, or names no IndexDataset</source>
      <translation>er ist kein GDAL-Kachelindex, oder nennt kein IndexDataset</translation>
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
      <source>GDAL does not know its format</source>
      <translation>GDAL kennt sein Format nicht</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>it is too long for a file name</source>
      <translation>er ist zu lang für einen Dateinamen</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>this GDAL has no driver {driver}, and there is no such file</source>
      <translation>dieses GDAL hat keinen Treiber {driver}, und es gibt keine solche Datei</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>this GDAL has no driver for it</source>
      <translation>dieses GDAL hat keinen Treiber dafür</translation>
    </message>
    <message>
      <location filename="../inference/raster/read/unreadable.py" />
      <source>the server has no such file</source>
      <translation>der Server hat keine solche Datei</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it is too large</source>
      <translation>sie ist zu groß</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/extent.py" />
      <source>it crosses the date line, where the raster's CRS is torn apart</source>
      <translation>sie kreuzt die Datumsgrenze, an der das KBS des Rasters zerrissen ist</translation>
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
      <source>it is not georeferenced, so it fits no other grid</source>
      <translation>es ist nicht georeferenziert und passt daher auf kein anderes Gitter</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the cell size {size} is not above 0</source>
      <translation>die Zellgröße {size} ist nicht größer als 0</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>cells of {size} give {count} of them in a row</source>
      <translation>Zellen von {size} ergeben {count} davon in einer Zeile</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>its cell size cannot be converted to the output CRS ({error})</source>
      <translation>seine Zellgröße kann nicht in das Ausgabe-KBS umgerechnet werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the snap raster's cells do not lie north-up</source>
      <translation>die Zellen des Fangrasters sind nicht nach Norden ausgerichtet</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/grid_plan.py" />
      <source>the snap raster cannot be located in the output CRS ({error})</source>
      <translation>das Fangraster kann im Ausgabe-KBS nicht verortet werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the input raster has control points only; ask for an output CRS to place its cells</source>
      <translation>das Eingaberaster hat nur Passpunkte; verlangen Sie ein Ausgabe-KBS, damit seine Zellen einen Platz bekommen</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the input raster's cells have no place on the map, but the polygons have a CRS; if rational polynomials place it, ask for an output CRS</source>
      <translation>die Zellen des Eingaberasters haben keinen Platz auf der Karte, aber die Polygone haben ein KBS; wenn rationale Polynome es verorten, verlangen Sie ein Ausgabe-KBS</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>the input raster is not georeferenced</source>
      <translation>das Eingaberaster ist nicht georeferenziert</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>a polygon is damaged</source>
      <translation>ein Polygon ist beschädigt</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/mask.py" />
      <source>a polygon cannot be transformed to the CRS of the output ({error})</source>
      <translation>ein Polygon kann nicht in das KBS der Ausgabe umgewandelt werden ({error})</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it has no CRS to start from; assign one to it first</source>
      <translation>es hat kein KBS als Ausgangspunkt; weisen Sie ihm zuerst eines zu</translation>
    </message>
    <message>
      <location filename="../inference/raster/scene/warp.py" />
      <source>it crosses the date line; choose a projected CRS that does not, or an extent on one side of it</source>
      <translation>es kreuzt die Datumsgrenze; wählen Sie ein projiziertes KBS, das dies nicht tut, oder eine Ausdehnung auf einer Seite davon</translation>
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
      <source>several NoData values per band cannot be moved to another grid</source>
      <translation>mehrere NoData-Werte pro Kanal können nicht auf ein anderes Gitter gebracht werden</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/class_record.py" />
      <source>GDAL finds no raster band there</source>
      <translation>GDAL findet dort keinen Rasterkanal</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/class_record.py" />
      <source>the raster has neither an attribute table nor category names</source>
      <translation>das Raster hat weder eine Attributtabelle noch Kategorienamen</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>they are not names and values</source>
      <translation>sie sind keine Namen und Werte</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>FORMAT is {name}, not GTIFF or COG</source>
      <translation>FORMAT ist {name} und nicht GTIFF oder COG</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/format.py" />
      <source>GDAL does not know it</source>
      <translation>GDAL kennt sie nicht</translation>
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
      <source>its name has another ending</source>
      <translation>ihr Name hat eine andere Endung</translation>
    </message>
    <message>
      <location filename="../inference/raster/write/sink.py" />
      <source>it is not writable</source>
      <translation>es ist nicht beschreibbar</translation>
    </message>
    <message>
      <location filename="../inference/run/no_data_rule.py" />
      <source>AUTO, ANY or ALL</source>
      <translation>AUTO, ANY oder ALL sein</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>Classify Pixels has version {found} here, and the job was begun with {expected}</source>
      <translation>Classify Pixels hat hier die Version {found}, und der Auftrag wurde mit {expected} begonnen</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>the network runs on {found} here, and the job was begun on {expected}</source>
      <translation>das Netz läuft hier auf {found}, und der Auftrag wurde auf {expected} begonnen</translation>
    </message>
    <message>
      <location filename="../inference/run/steps.py" />
      <source>the raster, the mask or the model has changed since the job was begun</source>
      <translation>das Raster, die Maske oder das Modell hat sich geändert, seit der Auftrag begonnen wurde</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/backend.py" />
      <source>its output has the shape {shape}</source>
      <translation>seine Ausgabe hat die Form {shape}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/constant_inputs.py" />
      <source>Inputs names {name}, which is none of its inputs</source>
      <translation>Inputs nennt {name}, das keiner seiner Eingänge ist</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/constant_inputs.py" />
      <source>it has the inputs {inputs} instead of one image; those that stay the same get their values in its definition, as in "ClassifyPixels": {{"Inputs": {{{others}}}}}</source>
      <translation>es hat die Eingänge {inputs} statt eines Bildes; gleichbleibende erhalten ihre Werte in der Definition, wie in "ClassifyPixels": {{"Inputs": {{{others}}}}}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>Inputs gives {name} the value {value}, and it takes the type {type}</source>
      <translation>Inputs gibt {name} den Wert {value}, der Eingang verlangt aber den Typ {type}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/frozen_graph.py" />
      <source>it has {count} inputs ({names}), and the definition does not choose one</source>
      <translation>es hat {count} Eingaben ({names}), und die Definition wählt keine aus</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/frozen_graph.py" />
      <source>it has {count} outputs ({names}), and the definition does not choose one</source>
      <translation>es hat {count} Ausgaben ({names}), und die Definition wählt keine aus</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/frozen_graph.py" />
      <source>it holds functions; freeze it with them written out</source>
      <translation>es enthält Funktionen; frieren Sie es mit ausgeschriebenen Funktionen ein</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/frozen_graph.py" />
      <source>its operation {name} is a {kind}, which a network for pixels does not need</source>
      <translation>seine Operation {name} ist vom Typ {kind}, den ein Netz für Pixel nicht braucht</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/frozen_graph.py" />
      <source>it has no tensor {name}</source>
      <translation>es hat keinen Tensor {name}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}, and ModelFormat says {layout}</source>
      <translation>sein Eingang ist {shape}, ModelFormat ist aber {layout}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}, which does not fit {bands} bands of {times} dates; where it takes several dates, its definition has to list the bands of all of them, and to say how many there are, as in "ClassifyPixels": {{"Times": 3}}</source>
      <translation>sein Eingang ist {shape}, was nicht zu {bands} Kanälen aus {times} Zeitpunkten passt; bei mehreren Zeitpunkten muss die Definition die Kanäle aller aufführen und ihre Anzahl nennen, wie in "ClassifyPixels": {{"Times": 3}}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>its input is {shape}, so ModelFormat has to say whether that is {layouts}</source>
      <translation>sein Eingang ist {shape}; ModelFormat muss angeben, ob das {layouts} ist</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>it takes {rows} pixels at a time; export it with a free number of rows</source>
      <translation>es verarbeitet immer {rows} Pixel auf einmal; exportieren Sie es mit freier Zeilenzahl</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/input_form.py" />
      <source>it takes {bands} bands, the definition names {named}</source>
      <translation>es nimmt {bands} Kanäle, die Definition nennt {named}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/external_files.py" />
      <source>they lie outside its folder, in {location}</source>
      <translation>sie liegen außerhalb seines Ordners, in {location}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/functions.py" />
      <source>its functions call each other without end</source>
      <translation>seine Funktionen rufen einander ohne Ende auf</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/functions.py" />
      <source>written out, its functions are more than {most} steps</source>
      <translation>ausgeschrieben sind seine Funktionen mehr als {most} Schritte</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>its input is of the type {type}</source>
      <translation>seine Eingabe ist vom Typ {type}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_input.py" />
      <source>its input {name} is of the type {type}, and has no value</source>
      <translation>sein Eingang {name} hat den Typ {type} und keinen Wert</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/image_input.py" />
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>Inputs gives {name} a value of the shape {given}, and it takes {shape}</source>
      <translation>Inputs gibt {name} einen Wert der Form {given}, der Eingang verlangt aber {shape}</translation>
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
      <source>its output {name} is of the type {kind}, and the argument output chooses another one</source>
      <translation>seine Ausgabe {name} ist vom Typ {kind}, und das Argument output wählt eine andere</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its maps have {count} labels, and at most {most} are read</source>
      <translation>seine Zuordnungen haben {count} Beschriftungen; höchstens {most} werden gelesen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its maps have different labels</source>
      <translation>seine Zuordnungen haben verschiedene Beschriftungen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/onnx/label_output.py" />
      <source>its labels are texts, and {scores} does not stand for them</source>
      <translation>seine Beschriftungen sind Texte, und {scores} gehört nicht zu ihnen</translation>
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
      <location filename="../inference/runtimes/raster_function/foreign_code.py" />
      <source>it has no class named {name}</source>
      <translation>sie hat keine Klasse namens {name}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>{dtype} pixels of the shape {shape}</source>
      <translation>Pixel vom Typ {dtype} in der Form {shape}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>it gave {found} instead of {wanted}</source>
      <translation>sie lieferte {found} statt {wanted}</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_backend.py" />
      <source>it gave values that are not finite (NaN or Inf)</source>
      <translation>sie lieferte Werte, die nicht endlich sind (NaN oder Inf)</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/raster_function/function_values.py" />
      <source>given, because the model asks for it</source>
      <translation>angegeben sein, weil das Modell danach fragt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/tensorflow.py" />
      <source>its input {name} is {shape}, not an image</source>
      <translation>seine Eingabe {name} ist {shape}, kein Bild</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/checkpoint.py" />
      <source>the tensor {name} is not one of plain numbers that lie in the file</source>
      <translation>der Tensor {name} besteht nicht aus einfachen Zahlen, die in der Datei liegen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/checkpoint.py" />
      <source>its version {version} cannot open a checkpoint safely; 2.6 and newer can</source>
      <translation>seine Version {version} kann einen Checkpoint nicht sicher öffnen; 2.6 und neuere können es</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_graph.py" />
      <source>its operation {operation} is not among those of image networks</source>
      <translation>seine Operation {operation} gehört nicht zu denen von Bildnetzen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>it is of a form that PyTorch has given up</source>
      <translation>es hat eine Form, die PyTorch aufgegeben hat</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>it is compiled for one machine</source>
      <translation>es ist für einen bestimmten Rechner kompiliert</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/exported_program.py" />
      <source>its graph is broken ({error})</source>
      <translation>sein Graph ist beschädigt ({error})</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/script_code.py" />
      <source>its code is not as PyTorch writes it</source>
      <translation>sein Code ist nicht so, wie PyTorch ihn schreibt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/script_code.py" />
      <source>its code would read or write files</source>
      <translation>sein Code würde Dateien lesen oder schreiben</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_archive.py" />
      <source>unpacked it would be {size} MB</source>
      <translation>entpackt wären es {size} MB</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_backend.py" />
      <source>it gives {output} instead of an image</source>
      <translation>es liefert {output} statt eines Bildes</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torch_backend.py" />
      <source>it gives {shape} values instead of scores for each channel</source>
      <translation>es liefert {shape} Werte statt Scores für jeden Ausgabekanal</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>its code converts the image to half precision; export it in 32-bit floats</source>
      <translation>sein Code wandelt das Bild in halbe Genauigkeit um; exportieren Sie es in 32-Bit-Gleitkommazahlen</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/torch/torchscript.py" />
      <source>ModelFormat has to say whether it takes {layouts}</source>
      <translation>ModelFormat muss angeben, ob es {layouts} verlangt</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/client.py" />
      <source>it did not answer within {seconds} seconds</source>
      <translation>er antwortete nicht innerhalb von {seconds} Sekunden</translation>
    </message>
    <message>
      <location filename="../inference/runtimes/worker/interpreter.py" />
      <source>QGIS's own Python has no program there</source>
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
      <translation>Gerät: {device}, Arbeiter: {workers}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Size: {columns} x {rows} pixels</source>
      <translation>Größe: {columns} x {rows} Pixel</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}</source>
      <translation>Kacheln: {count} zu {width} x {height} Pixeln, Rand {halo}, Schrittweite {stride}, in Stapeln von {batch}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Padding {padding}: {padding_reason}. Stride {stride}: {stride_reason}.</source>
      <translation>Rand {padding}: {padding_reason}. Schrittweite {stride}: {stride_reason}.</translation>
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
      <source>Memory: about {needed} MB for this run, {free} MB are free</source>
      <translation>Speicher: etwa {needed} MB für diesen Lauf, {free} MB sind frei</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>On the disk: at most {size} MB, mostly far less as it is compressed</source>
      <translation>Auf dem Datenträger: höchstens {size} MB, meist viel weniger, da komprimiert wird</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>An earlier run finished {count} strips; this one goes on from there.</source>
      <translation>Ein früherer Lauf hat {count} Streifen fertiggestellt; dieser macht dort weiter.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{output} is the result of an equal run and stays as it is.</source>
      <translation>{output} ist das Ergebnis eines gleichen Laufs und bleibt, wie es ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Writing {output}; strips: {count}</source>
      <translation>{output} wird geschrieben; Streifen: {count}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>A GeoTIFF cannot store the CRS of {output} exactly. The exact CRS is in {beside}; keep this file beside it.</source>
      <translation>Ein GeoTIFF kann das KBS von {output} nicht genau speichern. Das genaue KBS steht in {beside}; lassen Sie diese Datei daneben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Running the network on random images to see how far it looks. This is done only once.</source>
      <translation>Das Netz wird mit Zufallsbildern ausgeführt, um zu sehen, wie weit es sieht. Das geschieht nur einmal.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The files beside the network describe it: {files}</source>
      <translation>Die Dateien neben dem Netz beschreiben es: {files}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network gives one score for {times} x {times} pixels: its scores are enlarged bilinearly.</source>
      <translation>Das Netz gibt einen Wert für {times} x {times} Pixel: Die Werte werden bilinear vergrößert.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network outputs logits. Their sigmoid is the probability; the threshold is {threshold}.</source>
      <translation>Das Netz liefert Logits. Ihr Sigmoid ist die Wahrscheinlichkeit; der Schwellenwert ist {threshold}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The Python raster function {function} is run, as you allow it.</source>
      <translation>Die Python-Rasterfunktion {function} wird ausgeführt, wie Sie es erlauben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Keys of the model definition without effect: {keys}</source>
      <translation>Schlüssel der Modelldefinition ohne Wirkung: {keys}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, as given; values {range}</source>
      <translation>Kanal {label} des Modells: Rasterkanal {band}, wie angegeben; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, by name; values {range}</source>
      <translation>Kanal {label} des Modells: Rasterkanal {band}, nach Name; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, by wavelength; values {range}</source>
      <translation>Kanal {label} des Modells: Rasterkanal {band}, nach Wellenlänge; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Model band {label}: raster band {band}, by number; values {range}</source>
      <translation>Kanal {label} des Modells: Rasterkanal {band}, nach Nummer; Werte {range}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The raster's reflectances are brought to the numbers of {service}, as the model definition says.</source>
      <translation>Die Reflektanzen des Rasters werden in die Zahlen von {service} umgerechnet, wie die Modelldefinition sagt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>Nothing says which values the model was trained on: the network gets the raster's values, {range}. If it was trained on others, such as 0 … 1, INPUT_SCALE and INPUT_OFFSET make them alike.</source>
      <translation>Es ist nicht bekannt, mit welchen Werten das Modell trainiert wurde: Das Netz erhält die Werte des Rasters, {range}. Wurde es mit anderen trainiert, etwa 0 … 1, gleichen INPUT_SCALE und INPUT_OFFSET sie an.</translation>
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
      <source>The mask {mask}: every cell that is not NoData counts as inside, including cells of 0.</source>
      <translation>Maske {mask}: Jede Zelle, die nicht NoData ist, gehört dazu, auch Zellen mit 0.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: only the part within {west}, {south}, {east}, {north} degrees (west, south, east, north) is reprojected to {crs}, which is not reliable beyond its area of use. Set EXTENT to choose another part.</source>
      <translation>{raster}: Nur der Teil zwischen {west}, {south}, {east}, {north} Grad (West, Süd, Ost, Nord) wird nach {crs} transformiert, da dieses KBS außerhalb seines Gültigkeitsbereichs nicht zuverlässig ist. Geben Sie EXTENT an, um einen anderen Teil zu wählen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: skipped, because its name is not UTF-8. Rename it to include it.</source>
      <translation>{raster}: übersprungen, weil der Name kein UTF-8 ist. Benennen Sie die Datei um, damit sie in die Karte kommt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: its cells do not lie on those of {first}; they are moved by less than a cell.</source>
      <translation>{raster}: Seine Zellen liegen nicht auf denen von {first}; sie werden um weniger als eine Zelle verschoben.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: only its first {count} bands are used, as {first} has no more.</source>
      <translation>{raster}: Nur seine ersten {count} Kanäle werden benutzt, da {first} nicht mehr hat.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: its type {types} is not that of {first}; all values are read as {mixed}.</source>
      <translation>{raster}: Sein Typ {types} ist nicht der von {first}; alle Werte werden als {mixed} gelesen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: its rows do not run east and south, so it is warped.</source>
      <translation>{raster}: Seine Zeilen laufen nicht nach Osten und Süden; daher wird es entzerrt.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: it is warped from {own} to {other}, the CRS of {first}.</source>
      <translation>{raster}: Es wird von {own} nach {other} transformiert, dem KBS von {first}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: it is warped to the cells of {first}, which lie otherwise.</source>
      <translation>{raster}: Es wird auf die Zellen von {first} gebracht, die anders liegen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster}: it is warped from cells of {own} to {other}, those of {first}.</source>
      <translation>{raster}: Es wird von Zellen zu {own} auf {other} gebracht, die von {first}.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>No pixel was classified: the raster has no valid pixel in the extent and the mask.</source>
      <translation>Kein Pixel wurde klassifiziert: Das Raster hat in Ausdehnung und Maske kein gültiges Pixel.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network ran out of memory: from now on it gets {count} tiles at once.</source>
      <translation>Dem Netz ging der Speicher aus: Von nun an bekommt es {count} Kacheln auf einmal.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network ran out of memory, so the run starts again with tiles of {size} pixels.</source>
      <translation>Dem Netz ging der Speicher aus; der Lauf beginnt noch einmal mit Kacheln von {size} Pixeln.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{folder} has {free} of free space, less than the uncompressed result and its strips. If the disk fills up, the run fails. Free some space and run again to resume.</source>
      <translation>In {folder} sind {free} frei, weniger als das unkomprimierte Ergebnis mit seinen Streifen braucht. Wenn der Platz ausgeht, schlägt der Lauf fehl. Schaffen Sie dann Platz und starten Sie noch einmal, um fortzufahren.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The disk of {folder} does not support file locks. Start no other run that writes {output} until this one ends.</source>
      <translation>Das Laufwerk von {folder} unterstützt keine Dateisperren. Starten Sie keinen anderen Lauf, der {output} schreibt, bis dieser beendet ist.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{count} finished strips stay in {folder}: the same run goes on from there.</source>
      <translation>{count} fertige Streifen bleiben in {folder}: Derselbe Lauf macht dort weiter.</translation>
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
      <source>The results do not share a CRS, so there is no VRT that holds them all.</source>
      <translation>Die Ergebnisse haben kein gemeinsames KBS; daher gibt es kein VRT, das sie alle enthält.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>{raster} is georeferenced by geolocation arrays only, which a GeoTIFF cannot store: the result will not be georeferenced. Set an output CRS to georeference it.</source>
      <translation>{raster} ist nur durch Geolokalisierungs-Arrays georeferenziert, die ein GeoTIFF nicht speichern kann: Das Ergebnis wird nicht georeferenziert. Geben Sie ein Ausgabe-KBS an, damit es georeferenziert wird.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The Python raster function {function} beside the model is not run; the network is run without it. If you trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>Die Python-Rasterfunktion {function} neben dem Modell wird nicht ausgeführt; das Netz läuft ohne sie. Wenn Sie ihren Urhebern vertrauen, fügen Sie ihre SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen des Plugins hinzu, oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The Python raster function beside the model is not run; the network is run without it.</source>
      <translation>Die Python-Rasterfunktion neben dem Modell wird nicht ausgeführt; das Netz läuft ohne sie.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's DataRange is not applied: the network gets the raster's own values.</source>
      <translation>DataRange des Modells wird nicht angewandt: Das Netz bekommt die eigenen Werte des Rasters.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's Preprocessing is not applied: INPUT_SCALE and INPUT_OFFSET can do its work.</source>
      <translation>Preprocessing des Modells wird nicht angewandt: INPUT_SCALE und INPUT_OFFSET können dasselbe leisten.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The model's pre_processing_function is not applied: INPUT_SCALE and INPUT_OFFSET can do its work.</source>
      <translation>pre_processing_function des Modells wird nicht angewandt: INPUT_SCALE und INPUT_OFFSET können dasselbe leisten.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The argument mixed_precision has no effect on {device}: it is for PyTorch on a GPU.</source>
      <translation>Das Argument mixed_precision hat auf {device} keine Wirkung: Es ist für PyTorch auf einer GPU.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network was packed without being tried. {reason}</source>
      <translation>Das Netz wurde gepackt, ohne ausprobiert zu werden. {reason}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The raster's values are about {range} and the model was trained on about {trained}: it may see nothing but black or white. If both are the same quantity, INPUT_SCALE={scale} makes them alike.</source>
      <translation>Die Werte des Rasters liegen bei etwa {range}, das Modell wurde mit etwa {trained} trainiert: Es sieht vielleicht nur Schwarz oder Weiß. Wenn beide dieselbe Größe sind, gleicht INPUT_SCALE={scale} sie an.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The network takes whole numbers from {least} to {most} and is given values of about {range}: they are rounded, and those beyond these ends become the ends. INPUT_SCALE and INPUT_OFFSET can bring the values there.</source>
      <translation>Das Netz nimmt ganze Zahlen von {least} bis {most} und bekommt Werte von etwa {range}: Sie werden gerundet, und was über diese Grenzen hinausgeht, wird zur Grenze. INPUT_SCALE und INPUT_OFFSET können die Werte dorthin bringen.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The band scales ({scale}) and offsets ({offset}) of the raster cannot all be applied; the model gets the stored values.</source>
      <translation>Faktoren ({scale}) und Versätze ({offset}) der Kanäle dieses Rasters können nicht alle angewandt werden; das Modell bekommt die gespeicherten Werte.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The raster's bands carry a scale and an offset, and the model gets the values as they are stored. If it was trained on scaled values, give INPUT_SCALE={scale} and INPUT_OFFSET={offset}.</source>
      <translation>Die Kanäle des Rasters haben einen Faktor und einen Versatz, und das Modell bekommt die Werte, wie sie gespeichert sind. Wenn es mit skalierten Werten trainiert wurde, geben Sie INPUT_SCALE={scale} und INPUT_OFFSET={offset} an.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>The cells of the result are {factor} times as wide as those that the model was trained on: it may recognise nothing. CELL_SIZE={size} makes them alike.</source>
      <translation>Die Zellen des Ergebnisses sind {factor} Mal so breit wie jene, mit denen das Modell trainiert wurde: Es erkennt vielleicht nichts. CELL_SIZE={size} gleicht sie an.</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>given</source>
      <translation>vorgegeben</translation>
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
      <source>as assumed</source>
      <translation>wie angenommen</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>as asked for</source>
      <translation>wie verlangt</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>as the model definition says</source>
      <translation>wie die Modelldefinition sagt</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>a quarter of the tile, as models of arcgis.learn expect</source>
      <translation>ein Viertel der Kachel, wie es Modelle von arcgis.learn erwarten</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>a quarter of the tile</source>
      <translation>ein Viertel der Kachel</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>a quarter of the tile, because {failure}</source>
      <translation>ein Viertel der Kachel, weil nichts zu messen war: {failure}</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>a quarter of the tile, too small for the {found} pixels that the network looks: seams may show</source>
      <translation>ein Viertel der Kachel, zu klein für die {found} Pixel, die das Netz weit sieht: Nähte können sichtbar sein</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>found by running the network: tiles give what the whole scene would give, in every pixel</source>
      <translation>gefunden durch Ausführen des Netzes: Kacheln ergeben in jedem Pixel, was die ganze Szene ergäbe</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>found by running the network: tiles give what the whole scene would give, but for 16-bit rounding</source>
      <translation>gefunden durch Ausführen des Netzes: Kacheln ergeben, was die ganze Szene ergäbe, bis auf die Rundung auf 16 Bit</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>found by running the network, which looks farther: seams are bounded by it, not absent; scores of neighbouring tiles differ there by {share} % of their range on average</source>
      <translation>gefunden durch Ausführen des Netzes, das weiter sieht: Nähte sind dadurch begrenzt, nicht verschwunden; Scores benachbarter Kacheln unterscheiden sich dort im Mittel um {share} % ihrer Spanne</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>as assumed for want of a better word</source>
      <translation>wie mangels besserer Angaben angenommen</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>found by running the network</source>
      <translation>gefunden durch Ausführen des Netzes</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>random images of {limit} pixels are too large for it, or its scores tell nothing</source>
      <translation>Zufallsbilder von {limit} Pixeln sind zu groß für das Netz, oder seine Scores sagen nichts aus</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>its tiles agree on no stride up to {limit}</source>
      <translation>seine Kacheln stimmen bei keiner Schrittweite bis {limit} überein</translation>
    </message>
    <message>
      <location filename="../inference/notices.py" />
      <source>that took longer than {limit} seconds</source>
      <translation>das dauerte länger als {limit} Sekunden</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The address {address} could not be read: {reason}. Check the address, the network and the sign-in.</source>
      <translation>Die Adresse {address} konnte nicht gelesen werden: {reason}. Prüfen Sie Adresse, Netzwerk und Anmeldung.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The bands {candidates} of {raster} may all be the model's band {needed}. Choose one in BAND_MAPPING.</source>
      <translation>Die Kanäle {candidates} von {raster} können alle der Kanal {needed} des Modells sein. Wählen Sie einen in BAND_MAPPING.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>{weights} is not a file of PyTorch: it holds {content}. Export the network to TorchScript or ONNX.</source>
      <translation>{weights} ist keine Datei von PyTorch: Sie enthält {content}. Exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The weights {weights} are those of {architecture}, which cannot be rebuilt here. Export the network to TorchScript or ONNX in the Python that made it, and name that file as ModelFile:  {export}</source>
      <translation>Die Gewichte {weights} gehören zu {architecture}; das kann hier nicht nachgebaut werden. Exportieren Sie das Netz in dem Python, das es erzeugt hat, nach TorchScript oder ONNX, und nennen Sie diese Datei als ModelFile:  {export}</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The model argument {name} has the value {value}; it must be {expected}.</source>
      <translation>Das Modellargument {name} hat den Wert {value}; es muss {expected}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The model argument {name} is unknown. This model knows: {known}.</source>
      <translation>Das Modellargument {name} ist unbekannt. Dieses Modell kennt: {known}.</translation>
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
      <location filename="../inference/errors/argument.py" />
      <source>CLASSIFY_PIXELS_MOST_CELLS has the value {value}. Set it to the maximum number of cells in a result, such as 1e12.</source>
      <translation>CLASSIFY_PIXELS_MOST_CELLS hat den Wert {value}. Setzen Sie die Variable auf die größte erlaubte Zellenzahl eines Ergebnisses, etwa 1e12.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The cell size {size} cannot be used. Give a number above 0 in units of the output CRS, or a raster.</source>
      <translation>Die Zellgröße {size} kann nicht benutzt werden. Geben Sie eine Zahl über 0 in Einheiten des Ausgabe-KBS an, oder ein Raster.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} cannot be resampled to the requested grid: cells of {size} differ by a factor of {factor} from its own cells of {own}; the maximum is {most}. Give CELL_SIZE in units of the output CRS.</source>
      <translation>Das Raster {raster} kann nicht auf das verlangte Gitter gebracht werden: Zellen von {size} unterscheiden sich von seinen eigenen mit {own} um den Faktor {factor}; erlaubt ist höchstens {most}. Geben Sie CELL_SIZE in Einheiten des Ausgabe-KBS an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The classes {classes} cannot be read: {reason}. Give a value, a name and a colour of each class.</source>
      <translation>Die Klassen {classes} können nicht gelesen werden: {reason}. Geben Sie von jeder Klasse Wert, Name und Farbe an.</translation>
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
      <source>The context has the key {key}, which is unknown. Known are {known}.</source>
      <translation>Der Kontext hat den Schlüssel {key}, der unbekannt ist. Bekannt sind {known}.</translation>
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
      <source>The CRS {crs} is unknown. Give an authority and number such as EPSG:32633, or its WKT.</source>
      <translation>Das KBS {crs} ist unbekannt. Geben Sie Autorität und Nummer an, etwa EPSG:32633, oder sein WKT.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The result would have {columns} x {rows} cells ({count} in total), {bytes} uncompressed. It needs at least {least} of disk space, but {folder} has only {free} free. Its cell size is {size}, that of {raster} is {own}. Free some space, or choose a larger CELL_SIZE or a smaller EXTENT.</source>
      <translation>Das Ergebnis hätte {columns} x {rows} Zellen ({count} insgesamt), unkomprimiert {bytes}. Es braucht mindestens {least} Speicherplatz, aber in {folder} sind nur {free} frei. Seine Zellgröße ist {size}, die von {raster} ist {own}. Schaffen Sie Platz, oder wählen Sie eine größere CELL_SIZE oder eine kleinere EXTENT.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The path {path} leaves its data store. Give a path without '..'.</source>
      <translation>Der Pfad {path} verlässt seinen Datenspeicher. Geben Sie einen Pfad ohne '..' an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The variable {variable} cannot be read: {reason}. Write it as {{"NAME": "folder or /vsi prefix"}}.</source>
      <translation>Die Variable {variable} kann nicht gelesen werden: {reason}. Schreiben Sie sie als {{"NAME": "Ordner oder /vsi-Präfix"}}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The data store {store} is unknown; known are: {known}. Name it in CLASSIFY_PIXELS_DATA_STORES.</source>
      <translation>Der Datenspeicher {store} ist unbekannt; bekannt sind: {known}. Nennen Sie ihn in CLASSIFY_PIXELS_DATA_STORES.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The exported program {weights} cannot be run here: {reason}. Save it again with torch.export.save of a current PyTorch, or export the network to ONNX.</source>
      <translation>Das exportierte Programm {weights} kann hier nicht ausgeführt werden: {reason}. Speichern Sie es noch einmal mit torch.export.save eines aktuellen PyTorch, oder exportieren Sie das Netz nach ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The extent {extent} cannot be used: {reason}. Give four finite bounds and their CRS.</source>
      <translation>Die Ausdehnung {extent} kann nicht benutzt werden: {reason}. Geben Sie vier endliche Grenzen und ihr KBS an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The extent {extent} lies outside the raster {raster}. Choose an extent that overlaps it.</source>
      <translation>Die Ausdehnung {extent} liegt außerhalb des Rasters {raster}. Wählen Sie eine Ausdehnung, die es überlappt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>With cells of {size}, the result would have only {width} x {height} cells instead of the {columns} x {rows} cells of {own} in {raster}. Give CELL_SIZE in units of the output CRS, or choose a larger EXTENT.</source>
      <translation>Mit Zellen von {size} hätte das Ergebnis nur {width} x {height} Zellen statt der {columns} x {rows} Zellen zu {own} in {raster}. Geben Sie CELL_SIZE in Einheiten des Ausgabe-KBS an, oder wählen Sie eine größere EXTENT.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} needs {framework}, which does not run here. Export it to ONNX or TorchScript, for example with:  {export}</source>
      <translation>Das Modell {model} braucht {framework}, das hier nicht läuft. Exportieren Sie es nach ONNX oder TorchScript, etwa mit:  {export}</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The Python raster function {function} was changed while the model was opened. Start the run again.</source>
      <translation>Die Python-Rasterfunktion {function} wurde verändert, während das Modell geöffnet wurde. Starten Sie den Lauf noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The Python raster function {function} failed in {method}: {reason}. Ask the makers of the model.</source>
      <translation>Die Python-Rasterfunktion {function} ist in {method} fehlgeschlagen: {reason}. Fragen Sie die Urheber des Modells.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} runs only through its Python raster function {function}, and such code is not run unasked. If you trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</source>
      <translation>Das Modell {model} läuft nur durch seine Python-Rasterfunktion {function}, und solcher Code wird nicht ungefragt ausgeführt. Wenn Sie seinen Urhebern vertrauen, fügen Sie seine SHA-256 {fingerprint} den erlaubten Rasterfunktionen in den Optionen des Plugins hinzu, oder der Umgebungsvariable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.</translation>
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
      <source>{runtime} cannot be used in {python} ({reason}). Install it there, or name another Python.</source>
      <translation>{runtime} kann in {python} nicht benutzt werden ({reason}). Installieren Sie es dort, oder nennen Sie ein anderes Python.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has {available} bands and {first}, the first one, {needed}. Leave one of them out.</source>
      <translation>Das Raster {raster} hat {available} Kanäle, und {first}, das erste, {needed}. Lassen Sie eines von beiden weg.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>{failed} of {count} rasters failed: {items}. First error: {reason} The other maps are in {folder}.</source>
      <translation>{failed} von {count} Rastern sind fehlgeschlagen: {items}. Erster Fehler: {reason} Die übrigen Karten sind in {folder}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The classification was cancelled after {done} of {count} rasters; their results stay in {folder}.</source>
      <translation>Die Klassifizierung wurde nach {done} von {count} Rastern abgebrochen; ihre Ergebnisse bleiben in {folder}.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>{failed} of {count} rasters cannot be read: {items}. First error: {reason}</source>
      <translation>{failed} von {count} Rastern können nicht gelesen werden: {items}. Erster Fehler: {reason}</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>The strips of {output} cannot be made here: {reason}. Use the same files, the same device and the same versions on all machines, or begin the job again.</source>
      <translation>Die Streifen von {output} können hier nicht berechnet werden: {reason}. Verwenden Sie auf allen Rechnern dieselben Dateien, dasselbe Gerät und dieselben Versionen, oder beginnen Sie den Auftrag neu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The query or sign-in of the layer {layer} is not stored in the job list. Open the project that contains this layer and try again, or start a new job.</source>
      <translation>Abfrage oder Anmeldung des Layers {layer} werden in der Auftragsliste nicht gespeichert. Öffnen Sie das Projekt mit diesem Layer und versuchen Sie es noch einmal, oder starten Sie einen neuen Auftrag.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} has no cell size of its own. Give CELL_SIZE and EXTENT.</source>
      <translation>Der Layer {layer} hat keine eigene Zellgröße. Geben Sie CELL_SIZE und EXTENT an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} has no level for cells of {cell}: those of its coarsest one measure {coarsest}. Choose a smaller CELL_SIZE.</source>
      <translation>Der Layer {layer} hat keine Stufe für Zellen von {cell}: die seiner gröbsten messen {coarsest}. Wählen Sie eine kleinere CELL_SIZE.</translation>
    </message>
    <message>
      <location filename="../inference/errors/reference.py" />
      <source>The layer {layer} did not give its pixels: {reason}. Check its connection and try again.</source>
      <translation>Der Layer {layer} lieferte seine Pixel nicht: {reason}. Prüfen Sie seine Verbindung und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The mask cannot be used: {reason}. Choose a polygon layer or a raster that overlaps the input.</source>
      <translation>Die Maske kann nicht benutzt werden: {reason}. Wählen Sie einen Polygonlayer oder ein Raster, der oder das die Eingabe überlappt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The run ran out of memory. Close other programs, choose a smaller extent, or lower PARALLEL_PROCESSING_FACTOR, tile_size or batch_size.</source>
      <translation>Dem Lauf ging der Speicher aus. Schließen Sie andere Programme, wählen Sie eine kleinere Ausdehnung oder verringern Sie PARALLEL_PROCESSING_FACTOR, tile_size oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The run needs about {needed} MB and {free} MB of memory are free. Close other programs, or lower PARALLEL_PROCESSING_FACTOR or batch_size.</source>
      <translation>Der Lauf braucht etwa {needed} MB, und {free} MB Speicher sind frei. Schließen Sie andere Programme, oder verringern Sie PARALLEL_PROCESSING_FACTOR oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The model needs band {needed}, but {raster} has {available}. Choose another raster, or say in BAND_MAPPING which of its bands to take.</source>
      <translation>Das Modell braucht Kanal {needed}, aber {raster} hat {available}. Wählen Sie ein anderes Raster, oder sagen Sie in BAND_MAPPING, welche seiner Kanäle zu nehmen sind.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>A list of {count} rasters, or one with INPUT_NODATA, must be of files. Save web layers as files first.</source>
      <translation>Eine Liste von {count} Rastern, oder eine mit INPUT_NODATA, muss aus Dateien bestehen. Speichern Sie Weblayer zuerst als Dateien.</translation>
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
      <source>The model {model} is of the type {type}. Choose a pixel classification (ImageClassification) model.</source>
      <translation>Das Modell {model} ist vom Typ {type}. Wählen Sie ein Modell zur Pixelklassifizierung (ImageClassification).</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} cannot be read: {reason}. Choose an .emd, .dlpk, .onnx or .pt file.</source>
      <translation>Das Modell {model} kann nicht gelesen werden: {reason}. Wählen Sie eine Datei .emd, .dlpk, .onnx oder .pt.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The memory is too small for a tile of {size} pixels: {reason}. Set a smaller tile_size or batch_size.</source>
      <translation>Der Speicher ist zu klein für eine Kachel von {size} Pixeln: {reason}. Setzen Sie eine kleinere tile_size oder batch_size.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network {weights} does not fit its definition: {reason}. Correct the definition or the export.</source>
      <translation>Das Netz {weights} passt nicht zu seiner Definition: {reason}. Berichtigen Sie die Definition oder den Export.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network failed on a tile of {size} pixels: {reason}. Try another tile size or a smaller batch.</source>
      <translation>Das Netz ist bei einer Kachel von {size} Pixeln fehlgeschlagen: {reason}. Versuchen Sie eine andere Kachelgröße oder kleinere Stapel.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The model {model} gives ready classes: there are no scores to write or average. Ask for classes only.</source>
      <translation>Das Modell {model} liefert fertige Klassen: Es gibt keine Scores, die geschrieben oder gemittelt werden könnten. Verlangen Sie nur Klassen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>Another run is writing {output}. Wait until it has finished, or choose another name.</source>
      <translation>Ein anderer Lauf schreibt {output}. Warten Sie, bis er fertig ist, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output folder {folder} cannot be used: {reason}. Choose a folder that exists and is writable.</source>
      <translation>Der Ausgabeordner {folder} kann nicht benutzt werden: {reason}. Wählen Sie einen Ordner, den es gibt und in den geschrieben werden kann.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} cannot be a GeoTIFF: {reason}. Give the name of a file that ends in .tif.</source>
      <translation>Die Ausgabe {output} kann kein GeoTIFF sein: {reason}. Geben Sie den Namen einer Datei an, der auf .tif endet.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} is also an input or another output. Choose another name for it.</source>
      <translation>Die Ausgabe {output} ist auch eine Eingabe oder eine andere Ausgabe. Wählen Sie einen anderen Namen für sie.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output name {output} is too long: it has {length} bytes, and the disk allows {most} once the suffixes of the files beside it are added. Choose a shorter name.</source>
      <translation>Der Name der Ausgabe {output} ist zu lang: Er hat {length} Bytes, und das Laufwerk erlaubt mit den Endungen der Begleitdateien {most}. Wählen Sie einen kürzeren Namen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The finished output cannot be saved as {output}: {reason}. The previous files are unchanged. Fix the cause, for example by closing the program that has the file open, and run again.</source>
      <translation>Die fertige Ausgabe kann nicht als {output} gespeichert werden: {reason}. Die bisherigen Dateien sind unverändert. Beheben Sie die Ursache, etwa indem Sie das Programm schließen, das die Datei geöffnet hat, und starten Sie noch einmal.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} was saved only in part, and the previous files could not all be restored: {reason}. The files left over are in {folder}. Move the older ones back before you run again.</source>
      <translation>Die Ausgabe {output} wurde nur teilweise gespeichert, und die bisherigen Dateien konnten nicht alle wiederhergestellt werden: {reason}. Die übrigen Dateien liegen in {folder}. Verschieben Sie die älteren zurück, bevor Sie noch einmal starten.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {reference} cannot be read. Give a path, a uri, or serviceProperties with a plain name.</source>
      <translation>Die Ausgabe {reference} kann nicht gelesen werden. Geben Sie einen Pfad, eine uri oder serviceProperties mit einem einfachen Namen an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The output {output} cannot be written: {reason}. Check the free space of its folder.</source>
      <translation>Die Ausgabe {output} kann nicht geschrieben werden: {reason}. Prüfen Sie den freien Platz ihres Ordners.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The package {package} cannot be unpacked into {folder}: {reason}. Check the space and rights there.</source>
      <translation>Das Paket {package} kann nicht nach {folder} entpackt werden: {reason}. Prüfen Sie dort Platz und Rechte.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The file {file} cannot be packed: {reason}. Choose another file, or rename it.</source>
      <translation>Die Datei {file} kann nicht gepackt werden: {reason}. Wählen Sie eine andere Datei, oder benennen Sie sie um.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The output {output} must end in {suffix}. Give it another name.</source>
      <translation>Die Ausgabe {output} muss auf {suffix} enden. Geben Sie ihr einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/packaging.py" />
      <source>The definition of {weights} lacks {part}. Give {parameter}.</source>
      <translation>Der Definition von {weights} fehlt {part}. Geben Sie {parameter} an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The package {package} was refused: {reason}. Get it again from a source that you trust.</source>
      <translation>Das Paket {package} wurde abgelehnt: {reason}. Holen Sie es noch einmal aus einer Quelle, der Sie vertrauen.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The parallel processing factor {value} cannot be used. Give a number like 4, or a share like 75%.</source>
      <translation>Der Faktor für parallele Verarbeitung {value} kann nicht benutzt werden. Geben Sie eine Zahl wie 4 an, oder einen Anteil wie 75%.</translation>
    </message>
    <message>
      <location filename="../inference/errors/argument.py" />
      <source>The parameter {name} has the value {value}, which cannot be used: {reason}. Give another value.</source>
      <translation>Der Parameter {name} hat den Wert {value}, der nicht benutzt werden kann: {reason}. Geben Sie einen anderen Wert an.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The checkpoint {weights} was not opened: it holds {content}, which takes a pickle to load, and a pickle may run any program. Save network.state_dict() alone, or export the network to TorchScript or ONNX.</source>
      <translation>Der Checkpoint {weights} wurde nicht geöffnet: Er enthält {content}; das verlangt beim Laden ein Pickle, und ein Pickle kann jedes Programm ausführen. Speichern Sie network.state_dict() allein, oder exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The file {file} would give the output {output} a georeference that the input raster does not have. Choose another output name, or move that file elsewhere.</source>
      <translation>Die Datei {file} würde der Ausgabe {output} eine Georeferenz geben, die das Eingaberaster nicht hat. Wählen Sie einen anderen Namen für die Ausgabe, oder verschieben Sie die Datei.</translation>
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
      <source>No usable GPU was found by {runtime} (found: {found}). Choose AUTO or CPU as the processor type.</source>
      <translation>{runtime} fand keine brauchbare GPU (gefunden: {found}). Wählen Sie AUTO oder CPU als Prozessortyp.</translation>
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
      <source>The file {raster} holds {count} rasters and no bands of its own. Choose one of them, e.g. {example}.</source>
      <translation>Die Datei {raster} enthält {count} Raster und keine eigenen Kanäle. Wählen Sie eines davon, z. B. {example}.</translation>
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
      <source>There is nothing to classify: no raster was given. Choose a layer, a file or an address.</source>
      <translation>Es gibt nichts zu klassifizieren: Es wurde kein Raster angegeben. Wählen Sie einen Layer, eine Datei oder eine Adresse.</translation>
    </message>
    <message>
      <location filename="../inference/errors/raster.py" />
      <source>The raster {raster} has a name that cannot be used: {reason}. Rename it, or choose another one.</source>
      <translation>Das Raster {raster} hat einen Namen, der nicht benutzt werden kann: {reason}. Benennen Sie es um, oder wählen Sie ein anderes.</translation>
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
      <source>The reference {reference} cannot be read: {reason}. Give an itemId, a url or a uri.</source>
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
      <source>The result would have {columns} x {rows} cells ({count} in total), at least {bytes} uncompressed; the limit is {limit} cells. Its cell size is {size}, that of {raster} is {own}. Choose a larger CELL_SIZE or a smaller EXTENT, or set the environment variable CLASSIFY_PIXELS_MOST_CELLS to a higher limit.</source>
      <translation>Das Ergebnis hätte {columns} x {rows} Zellen ({count} insgesamt), unkomprimiert mindestens {bytes}; die Grenze liegt bei {limit} Zellen. Seine Zellgröße ist {size}, die von {raster} ist {own}. Wählen Sie eine größere CELL_SIZE oder eine kleinere EXTENT, oder setzen Sie die Umgebungsvariable CLASSIFY_PIXELS_MOST_CELLS auf eine höhere Grenze.</translation>
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
      <source>The network gave scores that are not finite (NaN or Inf). Check the value range of the input bands.</source>
      <translation>Das Netz lieferte Scores, die nicht endlich sind (NaN oder Inf). Prüfen Sie den Wertebereich der Eingabebänder.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {file} beside the network cannot be read: {reason}. Get it again, or move it away if it is not the network's.</source>
      <translation>Die Datei {file} neben dem Netz kann nicht gelesen werden: {reason}. Beschaffen Sie sie neu, oder verschieben Sie sie, falls sie nicht zum Netz gehört.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The file {file} is not the model itself but {kind}. Download the actual file; in a Git repository, run git lfs pull.</source>
      <translation>Die Datei {file} ist nicht das Modell selbst, sondern {kind}. Laden Sie die eigentliche Datei herunter; in einem Git-Repository mit git lfs pull.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>The finished strip {strip} was changed or damaged. Run again: only this strip will be computed anew.</source>
      <translation>Der fertige Streifen {strip} wurde verändert oder beschädigt. Starten Sie noch einmal: Nur dieser Streifen wird neu berechnet.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{place} does not hold the strips of the job for {output}. Begin the job again with this place.</source>
      <translation>{place} enthält nicht die Streifen des Auftrags für {output}. Beginnen Sie den Auftrag mit diesem Ort neu.</translation>
    </message>
    <message>
      <location filename="../inference/errors/output.py" />
      <source>{place} is a link, but the run keeps its progress on {output} there. Delete the link, or choose another output name.</source>
      <translation>{place} ist eine Verknüpfung, aber der Lauf legt dort seinen Zwischenstand für {output} ab. Löschen Sie die Verknüpfung, oder wählen Sie einen anderen Namen für die Ausgabe.</translation>
    </message>
    <message>
      <location filename="../inference/errors/job.py" />
      <source>{count} of {total} strips of {output} are missing: {strips}. Make these strips, then finish again.</source>
      <translation>{count} von {total} Streifen von {output} fehlen: {strips}. Berechnen Sie diese Streifen, und schließen Sie dann noch einmal ab.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The frozen graph {weights} needs TensorFlow, which cannot be used in QGIS's Python ({reason}). Install it with:  {install}  or make an ONNX network of the graph, in a Python that has TensorFlow and tf2onnx, with:  {convert}  and name that file in the model definition.</source>
      <translation>Der eingefrorene Graph {weights} braucht TensorFlow, das im Python von QGIS nicht benutzt werden kann ({reason}). Installieren Sie es mit:  {install}  oder machen Sie aus dem Graphen ein ONNX-Netz, in einem Python mit TensorFlow und tf2onnx, mit:  {convert}  und nennen Sie diese Datei in der Modelldefinition.</translation>
    </message>
    <message>
      <location filename="../inference/errors/checkpoint.py" />
      <source>The weights {weights} do not make up {architecture}: {reason}. Check that the file is complete, or export the network to TorchScript or ONNX.</source>
      <translation>Die Gewichte {weights} ergeben nicht {architecture}: {reason}. Prüfen Sie, ob die Datei vollständig ist, oder exportieren Sie das Netz nach TorchScript oder ONNX.</translation>
    </message>
    <message>
      <location filename="../inference/errors/model.py" />
      <source>The network gave the class {value}, which the model definition does not list. Add it to Classes.</source>
      <translation>Das Netz lieferte die Klasse {value}, die die Modelldefinition nicht aufführt. Fügen Sie sie zu Classes hinzu.</translation>
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
      <source>The weights {weights} were refused: {reason}. Get them again from a source that you trust.</source>
      <translation>Die Gewichte {weights} wurden abgelehnt: {reason}. Holen Sie sie noch einmal aus einer Quelle, der Sie vertrauen.</translation>
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
      <source>The process of {python} that ran the network ended with {reason}; its last words: {line}. Try smaller tiles, a smaller batch or the CPU.</source>
      <translation>Der Prozess von {python}, der das Netz ausführte, endete mit {reason}; seine letzten Worte: {line}. Versuchen Sie kleinere Kacheln, kleinere Stapel oder die CPU.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>QGIS cannot communicate with the process of {python}: {reason}. Restart QGIS. If that does not help, choose another Python, or none, in Settings &gt; Options &gt; Classify Pixels.</source>
      <translation>QGIS kann sich mit dem Prozess von {python} nicht verständigen: {reason}. Starten Sie QGIS neu. Wenn das nicht hilft, wählen Sie unter Einstellungen &gt; Optionen &gt; Classify Pixels ein anderes Python oder keines.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The Python {python} cannot run networks: {reason}. Name another one, or none, in Settings &gt; Options &gt; Classify Pixels.</source>
      <translation>Das Python {python} kann keine Netze ausführen: {reason}. Nennen Sie unter Einstellungen &gt; Optionen &gt; Classify Pixels ein anderes, oder keines.</translation>
    </message>
    <message>
      <location filename="../inference/errors/worker.py" />
      <source>The process of {python} speaks version {found} instead of {expected}. Restart QGIS after an upgrade.</source>
      <translation>Der Prozess von {python} spricht Version {found} statt {expected}. Starten Sie QGIS nach einem Upgrade neu.</translation>
    </message>
  </context>
</TS>
